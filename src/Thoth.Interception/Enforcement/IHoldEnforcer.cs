namespace Thoth.Interception;

/// <summary>
/// An enforcer that can hold calls for an approval: it may answer <see cref="DecisionType.StepUp"/> with a hold token, and
/// reports later what became of the call (contract §3).
/// </summary>
/// <remarks>
/// If an enforcer does not implement it, its <see cref="DecisionType.StepUp"/> blocks the call with
/// <see cref="SdkReasonCodes.StepUpNotSupported"/>. With <see cref="StepUpMode.Throw"/> no enforcer is polled, and the call
/// throws <see cref="StepUpRequiredException"/> either way. A <see cref="DecisionType.StepUp"/> without a usable hold token always
/// blocks the call, with <see cref="SdkReasonCodes.StepUpHoldTokenMissing"/> or
/// <see cref="SdkReasonCodes.StepUpHoldTokenInvalid"/>.
/// </remarks>
public interface IHoldEnforcer : IEnforcer
{
    /// <summary>
    /// Gets the state of a held call. The method may return at once, and is called again after
    /// <see cref="StepUpOptions.PollInterval"/>; or it may wait until there is a decision.
    /// </summary>
    /// <param name="holdToken">The token of the <see cref="DecisionType.StepUp"/> decision.</param>
    /// <param name="request">The request that was answered with that decision.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up or the time for an approval is over.</param>
    /// <returns>The state of the call. Any exception counts as pending until the time for an approval is over.</returns>
    ValueTask<HoldStatus> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken);
}
