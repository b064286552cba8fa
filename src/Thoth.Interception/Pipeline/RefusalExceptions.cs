namespace Thoth.Interception.Pipeline;

/// <summary>Makes the exception that tells a caller why its call did not run.</summary>
internal static class RefusalExceptions
{
    /// <param name="call">The refused call.</param>
    /// <param name="decision">The effective decision.</param>
    /// <param name="cause">The failure that the refusal comes from, if any.</param>
    public static ThothException For(ToolCall call, EnforcementDecision decision, Exception? cause)
    {
        var (tool, session, explanation) = (call.Tool.Name, call.Session.Id, call.Explanation);
        return decision switch
        {
            { Type: DecisionType.StepUp } => new StepUpRequiredException(tool, decision, session) { Explanation = explanation, HeldCall = call.Held },
            { Type: DecisionType.Defer } => new PolicyDeferredException(tool, decision, session) { Explanation = explanation },
            _ when cause is EnforcerUnavailableException unavailable =>
                new EnforcerUnavailableException(tool, decision, session, cause.InnerException) { StatusCode = unavailable.StatusCode },
            _ when call.WasRejected => new StepUpRejectedException(tool, decision, session) { Explanation = explanation },
            _ => new PolicyViolationException(tool, decision, session, cause) { Explanation = explanation },
        };
    }
}
