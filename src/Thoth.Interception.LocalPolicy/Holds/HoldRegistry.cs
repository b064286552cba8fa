using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.LocalPolicy.Holds;

/// <summary>Stores the held calls of this process. A hold is removed when its decision is delivered.</summary>
internal sealed class HoldRegistry(
    IApprover? approver, LocalPolicyOptions options, TimeSpan maxLifetime, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>256 random bits, because the token is a bearer secret.</summary>
    private const int TokenBytes = 32;

    private readonly ConcurrentDictionary<string, PendingHold> _holds = new(StringComparer.Ordinal);

    private volatile bool _isClosed;

    public int Count => _holds.Count;

    /// <summary>Holds a call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="verdict">A STEP_UP verdict, with the arguments to run after an approval if rules changed them.</param>
    /// <returns>The decision with its hold token, or <see langword="null"/> if too many calls are held.</returns>
    public EnforcementDecision? Open(EnforcementRequest request, in PolicyVerdict verdict)
    {
        if (_holds.Count >= options.MaxHolds)
        {
            PolicyLog.TooManyHolds(logger, request.ToolName, options.MaxHolds);
            return null;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var decision = verdict.Decision with { HoldToken = token };
        var lifetime = decision.StepUpTimeout ?? options.HoldLifetime;
        lifetime = lifetime < maxLifetime ? lifetime : maxLifetime;
        var heldRequest = Copy(request);
        var now = time.GetUtcNow();
        var approval = new ApprovalRequest(heldRequest, verdict.Decision)
        {
            ArgumentsToRun = verdict.ModifiedArguments is { } changed ? Encoding.UTF8.GetBytes(changed.GetRawText()) : heldRequest.Arguments,
            HeldAt = now,
            ExpiresAt = now + lifetime,
        };
        var expiry = new CancellationTokenSource(lifetime, time);
        var hold = new PendingHold(token, approval, HoldOutcome.Approved(verdict), expiry)
        {
            StartTimestamp = time.GetTimestamp(),
            Lifetime = lifetime,
        };
        _holds[token] = hold;
        expiry.Token.UnsafeRegister(_ => Expire(hold), null);
        PolicyLog.CallHeld(logger, request.ToolName, lifetime);
        if (approver is not null)
        {
            // On the thread pool: an approver that blocks must not block the caller's thread.
            _ = Task.Run(() => CallApproverAsync(approver, hold), CancellationToken.None);
        }

        return decision;
    }

    /// <summary>Waits until the approver decides or the hold expires.</summary>
    /// <param name="token">The hold token.</param>
    /// <param name="request">The call that was held.</param>
    /// <param name="cancellationToken">Ends the wait. If no other caller waits, the hold expires soon after.</param>
    /// <returns>The final decision. An approval is delivered to one caller only.</returns>
    public async ValueTask<HoldStatus> WaitAsync(
        string token, EnforcementRequest request, CancellationToken cancellationToken)
    {
        if (!_holds.TryGetValue(token, out var hold))
        {
            return HoldStatus.Resolved(HoldOutcome.Unknown());
        }

        if (!hold.Matches(request))
        {
            PolicyLog.HoldMismatch(logger, request.ToolName);
            return HoldStatus.Resolved(HoldOutcome.Mismatch());
        }

        var decision = await WaitForOutcomeAsync(hold, cancellationToken).ConfigureAwait(false);
        var isRemover = Remove(hold);

        // Several callers may wait for one hold. All get a refusal; only the caller that removes the hold gets the approval.
        return HoldStatus.Resolved(isRemover || decision.Type == DecisionType.Block ? decision : HoldOutcome.Unknown());
    }

    /// <summary>Takes the decision for a held call that is made again, without waiting for it.</summary>
    public HoldStatus Take(string token, EnforcementRequest request)
    {
        if (!_holds.TryGetValue(token, out var hold))
        {
            return HoldStatus.Resolved(HoldOutcome.Unknown());
        }

        if (!hold.Matches(request))
        {
            PolicyLog.HoldMismatch(logger, request.ToolName);
            return HoldStatus.Resolved(HoldOutcome.Mismatch());
        }

        return hold.DecisionOrNull is not { } decision ? HoldStatus.Pending()
            : HoldStatus.Resolved(Remove(hold) || decision.Type == DecisionType.Block ? decision : HoldOutcome.Unknown());
    }

    /// <summary>Shows the state of a hold and leaves it as it is.</summary>
    public HoldStatus Peek(string token, EnforcementRequest request)
    {
        if (!_holds.TryGetValue(token, out var hold) || !hold.MatchesWithoutArguments(request))
        {
            return HoldStatus.Peeked(HoldOutcome.Unknown());
        }

        return hold.DecisionOrNull is { } decision ? HoldStatus.Peeked(decision) : HoldStatus.Pending();
    }

    /// <returns>Whether the answer counts.</returns>
    public bool Resolve(string token, EnforcementRequest request, ApprovalAnswer answer)
    {
        if (!_holds.TryGetValue(token, out var hold) || !hold.MatchesWithoutArguments(request)
            || !hold.TryResolve(HoldOutcome.FromAnswer(answer, hold.ApprovedDecision, time.GetUtcNow())))
        {
            return false;
        }

        PolicyLog.HoldDecided(logger, hold.Approval.ToolName, answer.IsApproved ? "approved" : "denied");
        return true;
    }

    /// <summary>Ends the hold of a call that no caller waits for or makes again. Its approver is cancelled.</summary>
    public void Withdraw(string token, EnforcementRequest request)
    {
        if (_holds.TryGetValue(token, out var hold) && hold.MatchesWithoutArguments(request) && hold.TryResolve(HoldOutcome.Unknown()))
        {
            Remove(hold);
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        foreach (var hold in _holds.Values)
        {
            hold.Cancel();
        }
    }

    /// <summary>Copies the request with its arguments, because the hold outlives the call's argument buffer.</summary>
    private static EnforcementRequest Copy(EnforcementRequest request) => new()
    {
        Context = request.Context,
        ToolName = request.ToolName,
        Arguments = request.Arguments.ToArray(),
        Action = request.Action,
        SessionToolCalls = request.SessionToolCalls,
        OccurredAt = request.OccurredAt,
        ActionAttestationId = request.ActionAttestationId,
    };

    private async Task<EnforcementDecision> WaitForOutcomeAsync(PendingHold hold, CancellationToken cancellationToken)
    {
        hold.AddWaiter(Remaining(hold));
        try
        {
            return await hold.Outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var remaining = Remaining(hold);
            hold.RemoveWaiter(
                remaining < LocalPolicyOptions.AbandonedHoldLifetime ? remaining : LocalPolicyOptions.AbandonedHoldLifetime);
            throw;
        }
    }

    /// <summary>Uses the monotonic clock, so that a change of the system time cannot extend a hold.</summary>
    private TimeSpan Remaining(PendingHold hold)
    {
        var remaining = hold.Lifetime - time.GetElapsedTime(hold.StartTimestamp);
        return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    private async Task CallApproverAsync(IApprover approver, PendingHold hold)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(hold.Expired);
        try
        {
            var deciding = approver.DecideAsync(hold.Approval, ended.Token).AsTask();
            if (await Task.WhenAny(deciding, hold.Outcome).ConfigureAwait(false) == hold.Outcome)
            {
                // The hold expired, or was resolved elsewhere.
                await ended.CancelAsync().ConfigureAwait(false);
            }

            var answer = await deciding.ConfigureAwait(false)
                ?? throw new InvalidOperationException("The approver returned null. Return an approval or a denial.");
            Resolve(hold.Token, hold.Approval.Request, answer);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The hold ended, and the approver observed its token.
        }
        catch (Exception e)
        {
            // A failure of the approver must not decide: the call stays held.
            PolicyLog.ApproverFailed(logger, hold.Approval.ToolName, e);
        }
    }

    private void Expire(PendingHold hold)
    {
        if (hold.TryResolve(HoldOutcome.Expired()) && !_isClosed)
        {
            PolicyLog.HoldExpired(logger, hold.Approval.ToolName);
        }

        Remove(hold);
    }

    private bool Remove(PendingHold hold)
    {
        var removed = _holds.TryRemove(new KeyValuePair<string, PendingHold>(hold.Token, hold));
        if (removed)
        {
            hold.Dispose();
        }

        return removed;
    }
}
