using System.Text.Json;

namespace Thoth.Interception;

/// <summary>What of a decision is sent with an event: the allow-list of contract §5.3, member by member.</summary>
internal static class WireDecision
{
    public static void Write(Utf8JsonWriter json, EnforcementDecision decision)
    {
        json.Text("decision_id", WireJson.TextIn(decision.Receipt, "decision_id"));
        if (decision.SdkReasonCode != SdkReasonCodes.SdkFailOpen)
        {
            // Where the tool ran because nobody could decide, there is no verdict to tell.
            json.Text("authorization_decision", decision.AuthorizationDecision ?? decision.WireWord);
        }

        json.Text("decision_reason_code", decision.DecisionReasonCode);
        json.Text("action_classification", decision.ActionClassification);
        json.Text("pack_id", decision.PackId);
        json.Text("pack_version", decision.PackVersion);
        json.Text("decision_envelope_version", decision.DecisionEnvelopeVersion);
        json.Number("risk_score", decision.RiskScore);
        json.Number("latency_ms", decision.LatencyMs);
        json.Number("rule_version", decision.RuleVersion);
        json.Number("defer_timeout_seconds", decision.DeferTimeoutSeconds);
        json.Number("step_up_timeout_seconds", decision.StepUpTimeoutSeconds);
        json.Texts("regulatory_regimes", decision.RegulatoryRegimes);
        json.Texts("matched_rule_ids", decision.MatchedRuleIds);
        json.Texts("matched_control_ids", decision.MatchedControlIds);
        json.Texts("model_signals", decision.ModelSignals, ModelSignals.Contains);
        Receipt(json, "receipt", decision.Receipt);
        Receipt(json, "terminal_receipt", decision.TerminalReceipt);
        Evidence(json, decision.DecisionEvidence);
    }

    private static void Receipt(Utf8JsonWriter json, string name, JsonElement? receipt)
    {
        if (receipt is not { ValueKind: JsonValueKind.Object } source)
        {
            return;
        }

        json.WriteStartObject(name);
        json.TextsOf(source, "receipt_id", "decision_id", "signature", "signing_algorithm", "key_id", "schema_version");
        if (source.TryGetProperty("decision", out var decision) && decision.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject("decision");
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

        json.WriteStartObject("decision_evidence");
        json.TextsOf(
            source, "decision_id", "decision_reason_code", "authorization_decision", "action_classification",
            "decision_envelope_version", "pack_id", "pack_version");
        json.NumbersOf(source, "risk_score", "latency_ms", "rule_version");
        json.ListsOf(source, "regulatory_regimes", "matched_rule_ids", "matched_control_ids");
        if (source.TryGetProperty("policy", out var policy) && policy.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject("policy");
            json.TextsOf(policy, "policy_id", "policy_version", "rule_id");
            json.ListsOf(policy, "regulatory_regimes", "matched_rule_ids", "matched_control_ids");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
