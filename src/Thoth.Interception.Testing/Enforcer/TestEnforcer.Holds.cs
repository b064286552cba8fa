using Thoth.Interception.Testing.Enforcer;

namespace Thoth.Interception.Testing;

public sealed partial class TestEnforcer
{
    private static readonly TimeSpan s_defaultWait = TimeSpan.FromSeconds(10);

    /// <summary>Approves the oldest held call of a tool that has no answer yet. If there is none, waits for one.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="approver">Who approves.</param>
    /// <param name="reason">The reason. Default: the reason of the held call stays.</param>
    /// <param name="within">How long to wait. Default: 10 s.</param>
    /// <returns>The call.</returns>
    /// <exception cref="ThothAssertionException">No call was held in that time.</exception>
    public Task<RecordedCall> ApproveAsync(
        string tool = AnyTool, string approver = "approver", string? reason = null, TimeSpan? within = null) =>
        AnswerAsync(tool, ApprovalAnswer.Approve(approver, reason), within);

    /// <summary>Denies the oldest held call of a tool that has no answer yet. If there is none, waits for one.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="approver">Who denies.</param>
    /// <param name="reason">The reason, which the caller gets. Default: a standard text.</param>
    /// <param name="within">How long to wait. Default: 10 s.</param>
    /// <returns>The call.</returns>
    /// <exception cref="ThothAssertionException">No call was held in that time.</exception>
    public Task<RecordedCall> DenyAsync(
        string tool = AnyTool, string approver = "approver", string? reason = null, TimeSpan? within = null) =>
        AnswerAsync(tool, ApprovalAnswer.Deny(approver, reason), within);

    async ValueTask<HoldStatus> IHoldEnforcer.GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        if (!_holds.TryFind(holdToken, out var hold))
        {
            return HoldStatus.NotFound();
        }

        if (request.ResumeNonce is null)
        {
            // The caller waits, so there is nothing to poll for.
            return HoldStatus.Resolved(TestHolds.DecisionOf(await hold.Answered.WaitAsync(cancellationToken).ConfigureAwait(false)));
        }

        return !hold.Answered.IsCompleted ? HoldStatus.Pending()
            : hold.IsDeliveredTo(request.ResumeNonce) ? HoldStatus.Resolved(TestHolds.DecisionOf(await hold.Answered.ConfigureAwait(false)))
            : HoldStatus.NotFound();
    }

    async ValueTask<HoldStatus> IHoldEnforcer.PeekHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
        !_holds.TryFind(holdToken, out var hold) ? HoldStatus.NotFound()
        : !hold.Answered.IsCompleted ? HoldStatus.Pending()
        : HoldStatus.Peeked(TestHolds.DecisionOf(await hold.Answered.ConfigureAwait(false)));

    ValueTask IHoldEnforcer.WithdrawHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken)
    {
        _holds.Remove(holdToken);
        return ValueTask.CompletedTask;
    }

    ValueTask<bool> IResolvableHoldEnforcer.ResolveHoldAsync(
        string holdToken, EnforcementRequest request, ApprovalAnswer answer, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_holds.TryFind(holdToken, out var hold) && hold.IsOpen && hold.TryAnswer(answer));

    private async Task<RecordedCall> AnswerAsync(string tool, ApprovalAnswer answer, TimeSpan? within)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tool);
        using var limit = new CancellationTokenSource(within ?? s_defaultWait);
        while (true)
        {
            var added = _holds.NextAdded;
            if (_holds.Open.FirstOrDefault(hold => tool is AnyTool || hold.Call.ToolName == tool) is { } open)
            {
                if (open.TryAnswer(answer))
                {
                    // Within this interval, the library would still report the state of an earlier peek.
                    await Task.Delay(2 * TestHolds.PollInterval, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
                    return open.Call;
                }

                continue;
            }

            try
            {
                await added.WaitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                throw Failure($"No call of '{tool}' was held within {(within ?? s_defaultWait).TotalSeconds:0.###} s.");
            }
        }
    }
}
