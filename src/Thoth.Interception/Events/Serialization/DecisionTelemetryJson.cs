using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Events.Serialization;

/// <summary>What of a decision is sent with an event: the allow-list of contract §5.3, member by member.</summary>
internal static class DecisionTelemetryJson
{
    public static void Write(PooledJsonWriter json, EnforcementDecision decision)
    {
        json.Text("decision_id"u8, ContractJson.TextIn(decision.Receipt, "decision_id"));
        if (decision.SdkReasonCode != SdkReasonCodes.SdkFailOpen)
        {
            // Where the tool ran because nobody could decide, there is no verdict to tell.
            json.Text("authorization_decision"u8, decision.AuthorizationDecision ?? decision.VerdictName);
        }

        json.Text("decision_reason_code"u8, decision.DecisionReasonCode);
        json.Text("action_classification"u8, decision.ActionClassification);
        json.Text("pack_id"u8, decision.PackId);
        json.Text("pack_version"u8, decision.PackVersion);
        json.Text("decision_envelope_version"u8, decision.DecisionEnvelopeVersion);
        json.Number("risk_score"u8, decision.RiskScore);
        json.Number("latency_ms"u8, decision.LatencyMs);
        json.Number("rule_version"u8, decision.RuleVersion);
        json.Number("defer_timeout_seconds"u8, decision.DeferTimeoutSeconds);
        json.Number("step_up_timeout_seconds"u8, decision.StepUpTimeoutSeconds);
        json.Texts("regulatory_regimes"u8, decision.RegulatoryRegimes);
        json.Texts("matched_rule_ids"u8, decision.MatchedRuleIds);
        json.Texts("matched_control_ids"u8, decision.MatchedControlIds);
        json.Texts("model_signals"u8, decision.ModelSignals, ModelSignals.Contains);
        if ((decision.Receipt ?? decision.TerminalReceipt ?? decision.DecisionEvidence) is not null)
        {
            json.Members(decision, WriteDocuments);
        }
    }

    private static void WriteDocuments(Utf8JsonWriter json, EnforcementDecision decision)
    {
        Receipt(json, "receipt"u8, decision.Receipt);
        Receipt(json, "terminal_receipt"u8, decision.TerminalReceipt);
        Evidence(json, decision.DecisionEvidence);
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
