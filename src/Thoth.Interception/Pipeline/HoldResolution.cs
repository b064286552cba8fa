namespace Thoth.Interception.Pipeline;

/// <summary>Makes the effective decision about a held call from the STEP_UP decision and the hold's resolution.</summary>
internal static class HoldResolution
{
    /// <summary>Contract §2.4 and §3.4: a hold without a usable resolution is refused, with the evidence of the STEP_UP decision.</summary>
    public static EnforcementDecision Unresolved(EnforcementDecision held, string code, string? reason = null) => held with
    {
        Type = DecisionType.Block,
        AuthorizationDecision = null,
        SdkReasonCode = code,
        DecisionReasonCode = held.DecisionReasonCode ?? code,
        Reason = reason ?? (string.IsNullOrWhiteSpace(held.Reason) ? "step-up approval unresolved; tool was not executed" : held.Reason),
        HoldToken = null,
    };

    /// <summary>Contract §3.3 and §3.4: the resolution of a hold, completed by the fields that only the STEP_UP decision has.</summary>
    public static EnforcementDecision Merge(EnforcementRequest request, EnforcementDecision held, EnforcementDecision final)
    {
        if (DecisionValidator.RefusalOf(request, final) is { } refusal)
        {
            return refusal;
        }

        if (final.Type == DecisionType.StepUp)
        {
            return Unresolved(held, SdkReasonCodes.StepUpInvalidResolution, "step-up resolved without a valid decision");
        }

        return final with
        {
            AuthorizationDecision = final.AuthorizationDecision ?? final.VerdictName,
            DecisionReasonCode = final.DecisionReasonCode ?? held.DecisionReasonCode,
            ActionClassification = final.ActionClassification ?? held.ActionClassification,
            ViolationId = final.ViolationId ?? held.ViolationId,
            MatchedRuleIds = final.MatchedRuleIds.Count > 0 ? final.MatchedRuleIds : held.MatchedRuleIds,
            StepUpTimeout = final.StepUpTimeout ?? held.StepUpTimeout,
            Evidence = final.Evidence.WithFallback(held.Evidence),
            ActionAttestationId = request.ActionAttestationId,
            EnforcementTraceId = request.Context.EnforcementTraceId,
        };
    }

    /// <summary>Whether an approver denied the call or the time is over. A refusal that the SDK made of an unusable resolution is neither.</summary>
    public static bool IsRejection(EnforcementDecision final) =>
        final.Type == DecisionType.Block && final.SdkReasonCode is null or SdkReasonCodes.ConflictingDecisions or SdkReasonCodes.StepUpTimeout;
}
