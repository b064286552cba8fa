using Thoth.Interception.Enforcement;

namespace Thoth.Interception;

/// <summary>
/// The approver denied a held call, or the time for an approval is over; then the
/// <see cref="PolicyViolationException.SdkReasonCode"/> is <see cref="SdkReasonCodes.StepUpTimeout"/>. The tool did not run.
/// </summary>
/// <example>
/// <code>
/// catch (StepUpRejectedException e) when (e.SdkReasonCode == SdkReasonCodes.StepUpTimeout)
/// {
///     return "There was no approval in time.";
/// }
/// </code>
/// </example>
public sealed class StepUpRejectedException : PolicyViolationException
{
    /// <summary>Creates the exception for a held call that was not approved.</summary>
    /// <param name="toolName">The tool that was called.</param>
    /// <param name="decision">The decision that refused it.</param>
    /// <param name="sessionId">The session of the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="toolName"/> or <paramref name="decision"/> is <see langword="null"/>.</exception>
    public StepUpRejectedException(string toolName, EnforcementDecision decision, string? sessionId = null)
        : base(toolName, decision, sessionId)
    {
    }

    /// <inheritdoc/>
    public override string ModelText => ModelTexts.Rejected(ToolName, Decision);
}
