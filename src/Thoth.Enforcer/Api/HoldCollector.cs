using System.Text.Json;
using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Api;

/// <summary>Responds to polls of a held call. An approval releases one call; a refusal can be polled again.</summary>
internal sealed class HoldCollector(EnforcerDatabase database, PolicyEngine engine, ChangeFeed feed, TimeProvider time)
{
    private const int MaxTokenLength = 256;

    /// <returns><see langword="null"/> if the tenant has no such hold.</returns>
    public async Task<HoldResponse?> PollAsync(string tenant, string token, HoldPoll poll)
    {
        if (token.Length is 0 or > MaxTokenLength)
        {
            return null;
        }

        var tokenHash = NewHold.HashOf(token);
        var hold = database.Read(connection => HoldTable.FindByToken(connection, tenant, tokenHash));
        if (hold is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (hold is { IsUnreadable: true, State: HoldState.Approved })
        {
            return HoldResponse.Over(token, Refused(hold, LocalPolicyReasonCodes.UnknownHold, "The stored call cannot be read."), hold);
        }

        switch (hold.StateAt(now))
        {
            case HoldState.Pending or HoldState.CallerGone:
                if (poll.IsWithdrawal)
                {
                    await WithdrawAsync(hold, now);
                }
                else if (poll.CallerWaits)
                {
                    await NotePollAsync(hold, now);
                }

                return HoldResponse.Pending(token, hold);
            case HoldState.Refused:
                return HoldResponse.Refused(token, hold);
            case HoldState.Denied:
                return HoldResponse.Over(token, Answered(hold, ApprovalAnswer.Deny(hold.Approver ?? "", hold.Answer)), hold);
            case HoldState.Approved when now >= hold.ExpiresAt && hold.DeliveredAt is null:
            case HoldState.Expired:
                return HoldResponse.Over(token, Refused(hold, SdkReasonCodes.StepUpTimeout, "step-up auth timeout — no approver response"), hold);
        }

        if (poll.IsPeek || poll.IsWithdrawal)
        {
            return HoldResponse.Over(
                token,
                hold.DeliveredAt is null
                    ? Answered(hold, ApprovalAnswer.Approve(hold.Approver!, hold.Answer))
                    : Refused(hold, LocalPolicyReasonCodes.UnknownHold, "The approval was used."),
                hold);
        }

        var (isReleased, refused) = await database.WriteAsync(connection => Release(connection, hold, poll.NonceHash, now));
        if (refused is not null)
        {
            feed.Publish(new(ChangeKind.Refused, tenant, hold.Id));
            return HoldResponse.Refused(token, refused);
        }

        if (!isReleased)
        {
            return HoldResponse.Over(token, Refused(hold, LocalPolicyReasonCodes.UnknownHold, "The call is not held, or its approval was used."), hold);
        }

        feed.Publish(new(ChangeKind.Delivered, tenant, hold.Id));
        return HoldResponse.Over(token, Answered(hold, ApprovalAnswer.Approve(hold.Approver!, hold.Answer)), hold);
    }

    /// <summary>Ends the wait of a call whose caller is gone for good: approvers no longer see it.</summary>
    private async Task WithdrawAsync(HoldRow hold, DateTimeOffset now)
    {
        await database.WriteAsync(connection => HoldTable.Polled(connection, hold.Id, now - HoldRow.CallerGoneAfter));
        feed.Publish(new(ChangeKind.CallerGone, hold.Tenant, hold.Id));
    }

    private async Task NotePollAsync(HoldRow hold, DateTimeOffset now)
    {
        if (now - hold.LastPolledAt < HoldRow.PollGranularity)
        {
            return;
        }

        try
        {
            await database.WriteAsync(connection => HoldTable.Polled(connection, hold.Id, now));
        }
        catch (SqliteException)
        {
            // The caller still gets its response on a full disk.
            return;
        }

        if (hold.CallerIsGone(now))
        {
            feed.Publish(new(ChangeKind.CallerBack, hold.Tenant, hold.Id));
        }
    }

    /// <summary>
    /// Releases an approved call and counts it. If the calls that were permitted since it was held exceed a count, the call is refused,
    /// and that is recorded like any other decision.
    /// </summary>
    /// <returns>Whether the call may run, and the hold if it is refused.</returns>
    private (bool IsReleased, HoldRow? Refused) Release(SqliteConnection connection, HoldRow hold, byte[]? nonceHash, DateTimeOffset now)
    {
        var before = HoldTable.Find(connection, hold.Id);
        if (!HoldTable.Deliver(connection, hold.Id, nonceHash, now))
        {
            return (false, before is { State: HoldState.Refused } ? before : null);
        }

        if (before?.DeliveredAt is not null)
        {
            // Counted when it was delivered first.
            return (true, null);
        }

        var call = ReceivedCall.Of(hold);
        var request = call.ToRequest(hold.Tenant, hold.HeldAt);
        if (engine.RefusalOfRelease(call.ToRemote(request, connection)) is { } refusal)
        {
            var id = Guid.CreateVersion7(now).ToString("N");
            HoldTable.Refuse(connection, hold.Id, refusal, id);
            DecisionTable.Add(connection, EnforceHandler.RowOf(request, refusal, id, hold.Id) with { At = now, Action = hold.Action });
            return (false, HoldTable.Find(connection, hold.Id));
        }

        call.Count(connection, request, now);
        return (true, null);
    }

    private static EnforcementDecision Answered(HoldRow hold, ApprovalAnswer answer)
    {
        JsonElement? modified = hold.ArgumentsToRun is null ? null : JsonElement.Parse(hold.ArgumentsToRun);
        return answer.Resolve(new PolicyVerdict(hold.Verdict, modified), hold.DecidedAt ?? hold.HeldAt);
    }

    private static EnforcementDecision Refused(HoldRow hold, string code, string reason) => hold.Verdict with
    {
        Type = DecisionType.Block,
        DecisionReasonCode = code,
        Reason = reason,
        StepUpTimeout = null,
    };
}
