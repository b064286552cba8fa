using Thoth.Interception.Serialization;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>The question and the answer of <c>POST /v1/explain</c> (contract §1.5).</summary>
internal static class ExplainJson
{
    /// <summary>The whole question that was decided about, and what of the decision an explanation can go by.</summary>
    public static JsonBody Of(EnforcementRequest request, EnforcementDecision decision) => EnforceBody.Of(request, Write, decision);

    /// <returns><see langword="null"/> where a text that every explanation has is missing.</returns>
    public static Explanation? Read(ResponseReader answer)
    {
        if (answer.Text(ResponseProperty.ViolationId) is not { } id
            || answer.Text(ResponseProperty.WhatHappened) is not { } happened
            || answer.Text(ResponseProperty.WhyItWasBlocked) is not { } why
            || answer.Text(ResponseProperty.WhatToDoNext) is not { } next
            || answer.Text(ResponseProperty.BusinessImpact) is not { } impact
            || answer.Text(ResponseProperty.Severity) is not { } severity)
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
            TenantId = answer.Text(ResponseProperty.TenantId),
            SessionId = answer.Text(ResponseProperty.SessionId),
            AgentId = answer.Text(ResponseProperty.AgentId),
            UserId = answer.Text(ResponseProperty.UserId),
            ToolName = answer.Text(ResponseProperty.ToolName),
            RequestUrl = answer.Text(ResponseProperty.RequestUrl),
            Timestamp = answer.Text(ResponseProperty.Timestamp),
            RegulatoryContext = answer.Value(ResponseProperty.RegulatoryContext),
            DecisionReasonCode = answer.Text(ResponseProperty.DecisionReasonCode),
            ActionClassification = answer.Text(ResponseProperty.ActionClassification),
            RiskScore = answer.Number(ResponseProperty.RiskScore),
        };
    }

    private static void Write(JsonBuffer json, EnforcementDecision decision)
    {
        json.Text("decision"u8, decision.VerdictName);
        json.Text("decision_reason_code"u8, decision.DecisionReasonCode);
        json.Text("action_classification"u8, decision.ActionClassification);
        json.Text("violation_id"u8, decision.ViolationId);
        json.Number("risk_score"u8, decision.Evidence.RiskScore);
        json.Texts("regulatory_regimes"u8, decision.Evidence.RegulatoryRegimes);
        json.Texts("matched_rule_ids"u8, decision.MatchedRuleIds);
        json.Texts("matched_control_ids"u8, decision.Evidence.MatchedControlIds);
        json.Texts("policy_references"u8, decision.Evidence.PolicyReferences);
        json.Number("step_up_timeout_seconds"u8, decision.StepUpTimeout?.ToWholeSeconds());
    }
}
