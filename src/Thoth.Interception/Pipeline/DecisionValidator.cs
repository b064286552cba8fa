namespace Thoth.Interception.Pipeline;

/// <summary>Checks whether an enforcer's decision is usable and is about the request: one without a safe meaning becomes a refusal.</summary>
internal static class DecisionValidator
{
    private const int MaxHoldTokenLength = 1024;

    /// <summary>Returns the decision, or the refusal that takes its place.</summary>
    public static EnforcementDecision Validate(EnforcementRequest request, EnforcementDecision? decision) =>
        RefusalOf(request, decision) ?? decision!;

    /// <summary>Contract §1.2.4 and §1.2.6: a decision must have a known type and be about this action in this trace.</summary>
    /// <returns>The refusal, or <see langword="null"/> if the decision is usable.</returns>
    public static EnforcementDecision? RefusalOf(EnforcementRequest request, EnforcementDecision? decision)
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
            ? null
            : EnforcementDecision.Refuse(SdkReasonCodes.UnsupportedDecision, "unsupported authorization decision");
    }

    /// <summary>Contract §3.1: a held call can be polled only with a usable token.</summary>
    /// <returns>The refusal, or <see langword="null"/> if the token is usable.</returns>
    public static EnforcementDecision? RefusalOfHold(EnforcementDecision held)
    {
        if (string.IsNullOrWhiteSpace(held.HoldToken))
        {
            return HoldResolution.Unresolved(held, SdkReasonCodes.StepUpHoldTokenMissing);
        }

        var token = held.HoldToken;
        return token is "." or ".." || token.Length > MaxHoldTokenLength || token.AsSpan().ContainsAnyInRange('\0', '\u001f')
            || token.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
            ? HoldResolution.Unresolved(held, SdkReasonCodes.StepUpHoldTokenInvalid)
            : null;
    }
}
