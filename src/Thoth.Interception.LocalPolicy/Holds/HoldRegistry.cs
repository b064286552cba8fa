using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Holds;

/// <summary>The calls of this process that wait for an approval. A hold is delivered once and then forgotten.</summary>
internal sealed class HoldRegistry(
    IApprover? approver, LocalPolicyOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>256 random bits: a token is a bearer secret.</summary>
    private const int TokenBytes = 32;

    private readonly ConcurrentDictionary<string, PendingHold> _holds = new(StringComparer.Ordinal);

    public int Count => _holds.Count;

    /// <summary>Holds a call.</summary>
    /// <param name="request">The call.</param>
    /// <param name="verdict">A STEP_UP, with the changed arguments that an approval lets run, if any.</param>
    /// <returns>The decision with its token, or <see langword="null"/> where too many calls are held.</returns>
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
        var kept = Keep(request);
        var now = time.GetUtcNow();
        var approval = new ApprovalRequest(kept, verdict.Decision)
        {
            ArgumentsToRun = verdict.Changed is { } changed ? Encoding.UTF8.GetBytes(changed.GetRawText()) : kept.Arguments,
            HeldAt = now,
            ExpiresAt = now + lifetime,
        };
        var expiry = new CancellationTokenSource(lifetime, time);
        var hold = new PendingHold(token, approval, HoldOutcome.Approved(verdict), expiry)
        {
            OpenedAt = time.GetTimestamp(),
            Lifetime = lifetime,
        };
        _holds[token] = hold;
        expiry.Token.UnsafeRegister(_ => Expire(hold), null);
        PolicyLog.CallHeld(logger, request.ToolName, lifetime);
        return decision;
    }

    /// <summary>Waits until somebody has decided or the hold's time is over.</summary>
    /// <param name="token">The hold's token.</param>
    /// <param name="request">The call that was held.</param>
    /// <param name="cancellationToken">Ends the wait; the hold ends soon after unless somebody waits again.</param>
    /// <returns>The final decision: an approval or denial for one caller only.</returns>
    public async ValueTask<HoldStatus> WaitAsync(
        string token, EnforcementRequest request, CancellationToken cancellationToken)
    {
        if (!_holds.TryGetValue(token, out var hold))
        {
            return HoldStatus.Resolved(HoldOutcome.Unknown());
        }

        if (!hold.IsFor(request))
        {
            PolicyLog.HoldMismatch(logger, request.ToolName);
            return HoldStatus.Resolved(HoldOutcome.Mismatch());
        }

        if (approver is not null && hold.ClaimAsking())
        {
            // On the pool, so that an approver that blocks its thread delays nobody but itself.
            _ = Task.Run(() => AskAsync(approver, hold), CancellationToken.None);
        }

        var decision = await OutcomeAsync(hold, cancellationToken).ConfigureAwait(false);
        var isFirst = Forget(hold);

        // A refusal may be heard by everybody who waits; an approval releases one call.
        return HoldStatus.Resolved(isFirst || decision.Type == DecisionType.Block ? decision : HoldOutcome.Unknown());
    }

    public void Dispose()
    {
        foreach (var hold in _holds.Values)
        {
            hold.GiveUp();
        }
    }

    /// <summary>The request outlives the call's own buffers, so its arguments are copied.</summary>
    private static EnforcementRequest Keep(EnforcementRequest request) => new()
    {
        Context = request.Context,
        ToolName = request.ToolName,
        Arguments = request.Arguments.ToArray(),
        Action = request.Action,
        SessionToolCalls = request.SessionToolCalls,
        OccurredAt = request.OccurredAt,
        ActionAttestationId = request.ActionAttestationId,
    };

    private async Task<EnforcementDecision> OutcomeAsync(PendingHold hold, CancellationToken cancellationToken)
    {
        hold.Enter(Left(hold));
        try
        {
            return await hold.Outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var left = Left(hold);
            hold.Leave(left < LocalPolicyOptions.AbandonedHoldLifetime ? left : LocalPolicyOptions.AbandonedHoldLifetime);
            throw;
        }
    }

    /// <summary>By the monotonic clock: setting the machine's time must not make a hold live longer.</summary>
    private TimeSpan Left(PendingHold hold)
    {
        var left = hold.Lifetime - time.GetElapsedTime(hold.OpenedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task AskAsync(IApprover approver, PendingHold hold)
    {
        try
        {
            var answer = await approver.DecideAsync(hold.Approval, hold.Expired).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The approver gave no answer.");
            if (hold.TryResolve(HoldOutcome.Of(answer, hold.Approved, time.GetUtcNow())))
            {
                PolicyLog.HoldDecided(logger, hold.Approval.ToolName, answer.IsApproved ? "approved" : "denied");
            }
        }
        catch (OperationCanceledException) when (hold.Expired.IsCancellationRequested)
        {
            // The approver gave up because the time is over.
        }
#pragma warning disable CA1031 // Whatever an approver throws must leave the call held: only an answer decides.
        catch (Exception e)
#pragma warning restore CA1031
        {
            PolicyLog.ApproverFailed(logger, hold.Approval.ToolName, e);
        }
    }

    private void Expire(PendingHold hold)
    {
        if (hold.TryResolve(HoldOutcome.Expired()))
        {
            PolicyLog.HoldExpired(logger, hold.Approval.ToolName);
        }

        Forget(hold);
    }

    private bool Forget(PendingHold hold)
    {
        var removed = _holds.TryRemove(new KeyValuePair<string, PendingHold>(hold.Token, hold));
        if (removed)
        {
            hold.Dispose();
        }

        return removed;
    }
}
