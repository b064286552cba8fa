using System.Text.Json;

namespace Thoth.Interception;

/// <summary>The question and the answer of <c>POST /v1/explain</c> (contract §1.5).</summary>
internal static class ExplainJson
{
    /// <summary>The whole question that was decided about, and what of the decision an explanation can go by.</summary>
    public static byte[] Of(EnforcementRequest request, EnforcementDecision decision) => EnforceBody.Of(request, Write, decision);

    /// <returns><see langword="null"/> where a text that every explanation has is missing.</returns>
    public static Explanation? Read(WireObject answer)
    {
        if (answer.Text("violation_id", "violationId") is not { } id
            || answer.Text("what_happened", "whatHappened") is not { } happened
            || answer.Text("why_it_was_blocked", "whyItWasBlocked") is not { } why
            || answer.Text("what_to_do_next", "whatToDoNext") is not { } next
            || answer.Text("business_impact", "businessImpact") is not { } impact
            || answer.Text("severity") is not { } severity)
        {
            return null;
        }

        return new Explanation
        {
            ViolationId = id,
            WhatHappened = happened,
            WhyItWasBlocked = why,
            WhatToDoNext = next,
            BusinessImpact = impact,
            Severity = severity,
            TenantId = answer.Text("tenant_id", "tenantId"),
            SessionId = answer.Text("session_id", "sessionId"),
            AgentId = answer.Text("agent_id", "agentId"),
            UserId = answer.Text("user_id", "userId"),
            ToolName = answer.Text("tool_name", "toolName"),
            RequestUrl = answer.Text("request_url", "requestUrl"),
            Timestamp = answer.Text("timestamp"),
            RegulatoryContext = answer.Value("regulatory_context", "regulatoryContext"),
            DecisionReasonCode = answer.Text("decision_reason_code", "decisionReasonCode"),
            ActionClassification = answer.Text("action_classification", "actionClassification"),
            RiskScore = answer.Number("risk_score", "riskScore"),
        };
    }

    private static void Write(Utf8JsonWriter json, EnforcementDecision decision)
    {
        json.WriteString("decision"u8, decision.WireWord);
        json.Text("decision_reason_code", decision.DecisionReasonCode);
        json.Text("action_classification", decision.ActionClassification);
        json.Text("violation_id", decision.ViolationId);
        if (decision.RiskScore is { } risk)
        {
            json.WriteNumber("risk_score"u8, risk);
        }

        json.Texts("regulatory_regimes", decision.RegulatoryRegimes);
        json.Texts("matched_rule_ids", decision.MatchedRuleIds);
        json.Texts("matched_control_ids", decision.MatchedControlIds);
        json.Texts("policy_references", decision.PolicyReferences);
        if (decision.StepUpTimeoutSeconds is { } seconds)
        {
            json.WriteNumber("step_up_timeout_seconds"u8, seconds);
        }
    }
}
