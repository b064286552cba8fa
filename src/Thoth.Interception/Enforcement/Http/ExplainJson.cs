using Thoth.Interception.Serialization;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>Writes the request and reads the response of <c>POST /v1/explain</c> (contract §1.5).</summary>
internal static class ExplainJson
{
    /// <summary>The request that was evaluated, plus the fields of the decision that the explain endpoint uses.</summary>
    public static JsonBody Of(EnforcementRequest request, EnforcementDecision decision) => EnforceBody.Of(request, Write, decision);

    /// <returns>The explanation, or <see langword="null"/> if a required text is missing.</returns>
    public static Explanation? Read(ResponseReader response)
    {
        if (response.Text(ResponseProperty.ViolationId) is not { } id
            || response.Text(ResponseProperty.WhatHappened) is not { } happened
            || response.Text(ResponseProperty.WhyItWasBlocked) is not { } why
            || response.Text(ResponseProperty.WhatToDoNext) is not { } next
            || response.Text(ResponseProperty.BusinessImpact) is not { } impact
            || response.Text(ResponseProperty.Severity) is not { } severity)
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
            TenantId = response.Text(ResponseProperty.TenantId),
            SessionId = response.Text(ResponseProperty.SessionId),
            AgentId = response.Text(ResponseProperty.AgentId),
            UserId = response.Text(ResponseProperty.UserId),
            ToolName = response.Text(ResponseProperty.ToolName),
            RequestUrl = response.Text(ResponseProperty.RequestUrl),
            Timestamp = response.Text(ResponseProperty.Timestamp),
            RegulatoryContext = response.Value(ResponseProperty.RegulatoryContext),
            DecisionReasonCode = response.Text(ResponseProperty.DecisionReasonCode),
            ActionClassification = response.Text(ResponseProperty.ActionClassification),
            RiskScore = response.Number(ResponseProperty.RiskScore),
        };
    }

    private static void Write(PooledJsonWriter json, EnforcementDecision decision)
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
