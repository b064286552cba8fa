namespace Thoth.Interception;

/// <summary>The approver denied the held call, or nobody decided in time (<see cref="SdkReasonCodes.StepUpTimeout"/>).</summary>
public sealed class StepUpRejectedException : PolicyViolationException
{
    /// <inheritdoc cref="PolicyViolationException(string, EnforcementDecision, string?, Exception?)"/>
    public StepUpRejectedException(string toolName, EnforcementDecision decision, string? sessionId = null)
        : base(toolName, decision, sessionId)
    {
    }
}
