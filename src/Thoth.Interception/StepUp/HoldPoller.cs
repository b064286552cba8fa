namespace Thoth.Interception.StepUp;

/// <summary>Asks for a held call until somebody has decided or the time is over (contract §3).</summary>
internal sealed class HoldPoller(IEnforcer enforcer, StepUpOptions options, TimeProvider time)
{
    /// <summary>Contract §3.3: so often in a row the enforcer may not know a hold before it is taken for lost.</summary>
    private const int LostAfter = 3;

    /// <summary>Waits for the approver.</summary>
    /// <returns>The hold's resolution, or <see langword="null"/> when the time is over.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<EnforcementDecision?> WaitAsync(
        EnforcementRequest request, EnforcementDecision held, CancellationToken cancellationToken)
    {
        var budget = options.Timeout;
        if (held.StepUpTimeoutSeconds is > 0 and var seconds && TimeSpan.FromSeconds(seconds) < budget)
        {
            budget = TimeSpan.FromSeconds(seconds);
        }

        if (budget <= TimeSpan.Zero)
        {
            return null;
        }

        using var deadline = new CancellationTokenSource(budget, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var unknown = 0;
        try
        {
            while (true)
            {
                var answer = await AskAsync(held.HoldToken!, request, either.Token).ConfigureAwait(false);
                if (answer.Resolution is { } resolution)
                {
                    return resolution;
                }

                unknown = answer.IfLost is null ? 0 : unknown + 1;
                if (unknown == LostAfter)
                {
                    return answer.IfLost;
                }

                // The end of the time ends the pause too: one that is longer, which a timer may not be able to hold, has no end of its own.
                var pause = Later(Jittered(options.PollInterval), answer.RetryAfter);
                await Task.Delay(pause < budget ? pause : Timeout.InfiniteTimeSpan, time, either.Token).ConfigureAwait(false);
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
    /// A failure to ask is no decision: the call stays held (contract §3.3). The end of the time and the caller's wish hold
    /// for every enforcer, also for one that does not listen to the token or reports it as a failure of its own.
    /// </summary>
    private async ValueTask<HoldAnswer> AskAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await enforcer.GetHoldAsync(holdToken, request, cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return HoldAnswer.Pending();
        }
    }

    private static TimeSpan Later(TimeSpan pause, TimeSpan? atLeast) => atLeast is { } least && least > pause ? least : pause;

    private static TimeSpan Jittered(TimeSpan interval) => interval * (0.9 + (0.2 * Random.Shared.NextDouble()));
}
