using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Events.Serialization;

/// <summary>Writes the fields of a decision that are sent with an event: the allow-list of contract §5.3, member by member.</summary>
internal static class DecisionTelemetryJson
{
    public static void Write(PooledJsonWriter json, EnforcementDecision decision)
    {
        var evidence = decision.Evidence;
        json.Text("decision_id"u8, ContractJson.TextIn(evidence.Receipt, "decision_id"));
        if (decision.SdkReasonCode != SdkReasonCodes.SdkFailOpen)
        {
            // A tool that ran under fail-open ran without a verdict.
            json.Text("authorization_decision"u8, decision.AuthorizationDecision ?? decision.VerdictName);
        }

        json.Text("decision_reason_code"u8, decision.DecisionReasonCode);
        json.Text("action_classification"u8, decision.ActionClassification);
        json.Text("pack_id"u8, evidence.PackId);
        json.Text("pack_version"u8, evidence.PackVersion);
        json.Text("decision_envelope_version"u8, evidence.DecisionEnvelopeVersion);
        json.Number("risk_score"u8, evidence.RiskScore);
        json.Number("latency_ms"u8, evidence.Latency?.TotalMilliseconds);
        json.Number("rule_version"u8, evidence.RuleVersion);
        json.Number("defer_timeout_seconds"u8, decision.DeferTimeout?.ToWholeSeconds());
        json.Number("step_up_timeout_seconds"u8, decision.StepUpTimeout?.ToWholeSeconds());
        json.Texts("regulatory_regimes"u8, evidence.RegulatoryRegimes);
        json.Texts("matched_rule_ids"u8, decision.MatchedRuleIds);
        json.Texts("matched_control_ids"u8, evidence.MatchedControlIds);
        json.Texts("model_signals"u8, evidence.ModelSignals, ModelSignals.Contains);
        if ((evidence.Receipt ?? evidence.TerminalReceipt ?? evidence.DecisionEvidence) is not null)
        {
            json.Members(evidence, WriteDocuments);
        }
    }

    private static void WriteDocuments(Utf8JsonWriter json, EnforcementEvidence evidence)
    {
        Receipt(json, "receipt"u8, evidence.Receipt);
        Receipt(json, "terminal_receipt"u8, evidence.TerminalReceipt);
        Evidence(json, evidence.DecisionEvidence);
    }

    private static void Receipt(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement? receipt)
    {
        if (receipt is not { ValueKind: JsonValueKind.Object } source)
        {
            return;
        }

        json.WriteStartObject(name);
        json.TextsOf(source, "receipt_id", "decision_id", "signature", "signing_algorithm", "key_id", "schema_version");
        if (source.TryGetProperty("decision", out var decision) && decision.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject("decision"u8);
            json.TextsOf(decision, "authorization_decision", "decision_reason_code", "outcome");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Evidence(Utf8JsonWriter json, JsonElement? evidence)
    {
        if (evidence is not { ValueKind: JsonValueKind.Object } source)
        {
            return;
        }

        json.WriteStartObject("decision_evidence"u8);
        json.TextsOf(
            source, "decision_id", "decision_reason_code", "authorization_decision", "action_classification",
            "decision_envelope_version", "pack_id", "pack_version");
        json.NumbersOf(source, "risk_score", "latency_ms", "rule_version");
        json.ListsOf(source, "regulatory_regimes", "matched_rule_ids", "matched_control_ids");
        if (source.TryGetProperty("policy", out var policy) && policy.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject("policy"u8);
            json.TextsOf(policy, "policy_id", "policy_version", "rule_id");
            json.ListsOf(policy, "regulatory_regimes", "matched_rule_ids", "matched_control_ids");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
