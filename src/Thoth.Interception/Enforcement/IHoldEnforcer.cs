namespace Thoth.Interception;

/// <summary>
/// An enforcer that can hold calls for an approval: it may answer <see cref="DecisionType.StepUp"/> with a hold token, and
/// reports later what became of the call (contract §3).
/// </summary>
/// <remarks>
/// If an enforcer does not implement it, its <see cref="DecisionType.StepUp"/> blocks the call with
/// <see cref="SdkReasonCodes.StepUpNotSupported"/>. With <see cref="StepUpMode.Throw"/> the call is polled only when it is
/// peeked at or resumed through <see cref="IThothHolds"/>. A <see cref="DecisionType.StepUp"/> without a usable hold token always
/// blocks the call, with <see cref="SdkReasonCodes.StepUpHoldTokenMissing"/> or
/// <see cref="SdkReasonCodes.StepUpHoldTokenInvalid"/>.
/// </remarks>
public interface IHoldEnforcer : IEnforcer
{
    /// <summary>
    /// Gets the state of a held call. The method may return at once, and is called again after
    /// <see cref="StepUpOptions.PollInterval"/>; or it may wait until there is a decision. For a request with a
    /// <see cref="EnforcementRequest.ResumeNonce"/> it must return at once, because the caller does not wait.
    /// </summary>
    /// <param name="holdToken">The token of the <see cref="DecisionType.StepUp"/> decision.</param>
    /// <param name="request">The request that was answered with that decision.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up or the time for an approval is over.</param>
    /// <returns>The state of the call. Any exception counts as pending until the time for an approval is over.</returns>
    ValueTask<HoldStatus> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Gets the state of a held call at once, while its caller does other things. An enforcer that can tell it without using up an
    /// approval returns <see cref="HoldStatus.Peeked"/>. By default the method calls <see cref="GetHoldAsync"/>, whose final decision the
    /// library then keeps for the call that is resumed.
    /// </summary>
    /// <param name="holdToken">The token of the <see cref="DecisionType.StepUp"/> decision.</param>
    /// <param name="request">The held request without its arguments, which are not stored.</param>
    /// <param name="cancellationToken">Cancelled after 10 s.</param>
    /// <returns>The state of the call. Any exception counts as pending.</returns>
    ValueTask<HoldStatus> PeekHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        GetHoldAsync(holdToken, request, cancellationToken);

    /// <summary>
    /// Tells the enforcer that no caller waits for a held call and that it will not be made again, so that no person need see it. By default
    /// the method calls <see cref="GetHoldAsync"/> once and ignores what it returns.
    /// </summary>
    /// <param name="holdToken">The token of the <see cref="DecisionType.StepUp"/> decision.</param>
    /// <param name="request">The request that was answered with that decision.</param>
    /// <param name="cancellationToken">Cancelled after 6 s.</param>
    /// <returns>Completes when the enforcer knows. An exception is ignored.</returns>
    async ValueTask WithdrawHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        await GetHoldAsync(holdToken, request, cancellationToken).ConfigureAwait(false);
}
