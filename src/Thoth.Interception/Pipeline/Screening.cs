namespace Thoth.Interception.Pipeline;

/// <summary>Looks at an enforcer's answer before it is obeyed: what has no safe meaning becomes a refusal.</summary>
internal static class Screening
{
    private const int MaxHoldTokenLength = 1024;

    /// <summary>Contract §1.2.4 and §1.2.6: a known verdict about this action in this trace.</summary>
    public static EnforcementDecision Screen(EnforcementRequest request, EnforcementDecision? decision)
    {
        if (decision is null)
        {
            return EnforcementDecision.Refuse(SdkReasonCodes.EnforcerInvalidResponse, "the enforcer gave no decision");
        }

        if (decision.ActionAttestationId is { Length: > 0 } action && action != request.ActionAttestationId)
        {
            return EnforcementDecision.Refuse(
                SdkReasonCodes.ActionAttestationIdMismatch, "enforcer response identifies a different action; tool was not executed");
        }

        if (decision.EnforcementTraceId is { Length: > 0 } trace && trace != request.Context.EnforcementTraceId)
        {
            return EnforcementDecision.Refuse(
                SdkReasonCodes.EnforcementTraceIdMismatch, "enforcer response identifies a different trace; tool was not executed");
        }

        return Enum.IsDefined(decision.Type)
            ? decision
            : EnforcementDecision.Refuse(SdkReasonCodes.UnsupportedDecision, "unsupported authorization decision");
    }

    /// <summary>Contract §3.1: whether a held call can be asked for at all.</summary>
    /// <returns>The refusal, or <see langword="null"/> where the token is usable.</returns>
    public static EnforcementDecision? RefusalOfHold(EnforcementDecision held)
    {
        if (string.IsNullOrWhiteSpace(held.HoldToken))
        {
            return Unresolved(held, SdkReasonCodes.StepUpHoldTokenMissing);
        }

        var token = held.HoldToken;
        return token is "." or ".." || token.Length > MaxHoldTokenLength || token.AsSpan().ContainsAnyInRange('\0', '\u001f')
            || token.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
            ? Unresolved(held, SdkReasonCodes.StepUpHoldTokenInvalid)
            : null;
    }

    /// <summary>Contract §2.4 and §3.4: a hold that did not end in a usable decision keeps what the first answer said.</summary>
    public static EnforcementDecision Unresolved(EnforcementDecision held, string code, string? reason = null) => held with
    {
        Type = DecisionType.Block,
        AuthorizationDecision = null,
        SdkReasonCode = code,
        DecisionReasonCode = held.DecisionReasonCode ?? code,
        Reason = reason ?? (string.IsNullOrWhiteSpace(held.Reason) ? "step-up approval unresolved; tool was not executed" : held.Reason),
        HoldToken = null,
    };

    /// <summary>Contract §3.3 and §3.4: the final decision of a hold, over what the first answer said.</summary>
    public static EnforcementDecision Resolved(EnforcementRequest request, EnforcementDecision held, EnforcementDecision resolution)
    {
        var final = Screen(request, resolution);
        if (final != resolution)
        {
            return final;
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
            RiskScore = final.RiskScore ?? held.RiskScore,
            LatencyMs = final.LatencyMs ?? held.LatencyMs,
            PackId = final.PackId ?? held.PackId,
            PackVersion = final.PackVersion ?? held.PackVersion,
            RuleVersion = final.RuleVersion ?? held.RuleVersion,
            RegulatoryRegimes = Given(final.RegulatoryRegimes, held.RegulatoryRegimes),
            MatchedRuleIds = Given(final.MatchedRuleIds, held.MatchedRuleIds),
            MatchedControlIds = Given(final.MatchedControlIds, held.MatchedControlIds),
            PolicyReferences = Given(final.PolicyReferences, held.PolicyReferences),
            ModelSignals = Given(final.ModelSignals, held.ModelSignals),
            Receipt = final.Receipt ?? held.Receipt,
            StepUpTimeoutSeconds = final.StepUpTimeoutSeconds ?? held.StepUpTimeoutSeconds,
            DecisionEnvelopeVersion = final.DecisionEnvelopeVersion ?? held.DecisionEnvelopeVersion,
            FastMlFeatures = final.FastMlFeatures ?? held.FastMlFeatures,
            ScoreComponents = final.ScoreComponents ?? held.ScoreComponents,
            TopContributors = final.TopContributors.Count > 0 ? final.TopContributors : held.TopContributors,
            DecisionEvidence = final.DecisionEvidence ?? held.DecisionEvidence,
        };
    }

    /// <summary>Whether a hold ended with an approver's no, or without any answer in time, rather than with a refusal that this library made of its answer.</summary>
    public static bool IsRejection(EnforcementDecision final) =>
        final.Type == DecisionType.Block && final.SdkReasonCode is null or SdkReasonCodes.ConflictingDecisions or SdkReasonCodes.StepUpTimeout;

    public static ThothException ExceptionFor(ToolCall call, EnforcementDecision decision, Exception? cause)
    {
        var (tool, session, explanation) = (call.Tool.Name, call.Session.Id, call.Explanation);
        return decision switch
        {
            { Type: DecisionType.StepUp } => new StepUpRequiredException(tool, decision, session) { Explanation = explanation },
            { Type: DecisionType.Defer } => new PolicyDeferredException(tool, decision, session) { Explanation = explanation },
            _ when cause is EnforcerUnavailableException unavailable =>
                new EnforcerUnavailableException(tool, decision, session, cause.InnerException) { StatusCode = unavailable.StatusCode },
            _ when call.WasRejected => new StepUpRejectedException(tool, decision, session) { Explanation = explanation },
            _ => new PolicyViolationException(tool, decision, session, cause) { Explanation = explanation },
        };
    }

    private static IReadOnlyList<string> Given(IReadOnlyList<string> own, IReadOnlyList<string> otherwise) =>
        own.Count > 0 ? own : otherwise;
}
