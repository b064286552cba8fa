namespace Thoth.Interception.StepUp;

/// <summary>Polls a held call until it is resolved or the time for an approval is over (contract §3).</summary>
internal sealed class HoldPoller(IHoldEnforcer enforcer, StepUpOptions options, TimeProvider time)
{
    /// <summary>Contract §3.3: the hold is lost once the enforcer has not found it this many times in a row.</summary>
    private const int MaxNotFoundInARow = 3;

    private static readonly TimeSpan s_abandonLimit = TimeSpan.FromSeconds(6);

    /// <summary>Waits for the approver.</summary>
    /// <returns>The hold's resolution, or <see langword="null"/> if the time is over.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<EnforcementDecision?> WaitAsync(
        EnforcementRequest request, EnforcementDecision held, CancellationToken cancellationToken)
    {
        var budget = options.Timeout;
        if (held.StepUpTimeout is { } timeout && timeout > TimeSpan.Zero && timeout < budget)
        {
            budget = timeout;
        }

        if (budget <= TimeSpan.Zero)
        {
            return null;
        }

        using var deadline = new CancellationTokenSource(budget, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var notFoundInARow = 0;
        try
        {
            while (true)
            {
                var status = await PollAsync(held.HoldToken!, request, linked.Token).ConfigureAwait(false);
                if (status.Resolution is { } resolution)
                {
                    return resolution;
                }

                notFoundInARow = status.IsNotFound ? notFoundInARow + 1 : 0;
                if (notFoundInARow == MaxNotFoundInARow)
                {
                    return EnforcementDecision.Refuse(SdkReasonCodes.StepUpPollRejected, status.NotFoundReason!);
                }

                // The deadline ends the pause too. A pause beyond it may be longer than a timer can hold, so it gets no timer.
                var pause = Longer(WithJitter(options.PollInterval), status.RetryAfter);
                await Task.Delay(pause < budget ? pause : Timeout.InfiniteTimeSpan, time, linked.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller compares tokens: it must see its own, not the linked one.
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>
    /// Withdraws, in the background, the hold of a call whose caller does not wait and does not make it again, so that the enforcer does
    /// not show it to approvers.
    /// </summary>
    public void Abandon(EnforcementRequest request, EnforcementDecision held) => _ = Task.Run(async () =>
    {
        using var limit = new CancellationTokenSource(s_abandonLimit, time);
        try
        {
            await enforcer.WithdrawHoldAsync(held.HoldToken!, request, limit.Token).AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The hold expires. No caller polls it, so an approval runs nothing.
        }
    });

    /// <summary>
    /// Polls once. A failure is not a decision: the call stays held (contract §3.3). The deadline and the caller's token end the
    /// poll even if the enforcer ignores the token or reports the cancellation as another failure.
    /// </summary>
    private async ValueTask<HoldStatus> PollAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await enforcer.GetHoldAsync(holdToken, request, cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return HoldStatus.Pending();
        }
    }

    private static TimeSpan Longer(TimeSpan pause, TimeSpan? minimum) => minimum > pause ? minimum.Value : pause;

    private static TimeSpan WithJitter(TimeSpan interval) => interval * (0.9 + (0.2 * Random.Shared.NextDouble()));
}
