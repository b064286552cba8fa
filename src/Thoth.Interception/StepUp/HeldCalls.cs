using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.StepUp;

/// <summary>
/// Holds calls whose callers go on, and resumes them. The store decides who uses an approval: a call is claimed before the enforcer
/// is asked, and marked before it runs.
/// </summary>
internal sealed class HeldCalls(
    IEnforcer enforcer, IHeldCallStore store, ThothSessions sessions, HeldCallWatch watch, IOptions<ThothOptions> options, TimeProvider time,
    ILogger<HeldCalls> logger) : IThothHolds
{
    private readonly HeldCallInquiry? _inquiry = enforcer is IHoldEnforcer holds
        ? new(holds, store, options.Value.StepUp, time, new NonThrowingLogger<HeldCalls>(logger))
        : null;
    private readonly StepUpOptions _options = options.Value.StepUp;
    private readonly NonThrowingLogger<HeldCalls> _logger = new(logger);

    /// <summary>Gets whether the enforcer can tell what became of a held call.</summary>
    public bool CanResume => _inquiry is not null;

    /// <summary>Stores a call that is held now, unless an equal one of the session is: two that were evaluated at the same moment.</summary>
    /// <returns>
    /// The held call, or <see langword="null"/> if the session has too many of them; and whether it is another call's, so that this one's
    /// hold at the enforcer is of no use.
    /// </returns>
    public async ValueTask<(HeldCall? Held, bool IsJoined)> HoldAsync(
        ThothSession session, CallToHold call, CancellationToken cancellationToken)
    {
        var hash = SHA256.HashData(call.Request.Arguments.Span);
        while (session.TryReserveHeld(call.Request.ToolName, hash, _options.MaxHeldCalls) is var (place, isNew))
        {
            if (isNew)
            {
                return (await StoreAsync(place, call, hash, cancellationToken).ConfigureAwait(false), false);
            }

            if (await place.Stored.WaitAsync(cancellationToken).ConfigureAwait(false) is { } equal)
            {
                return (new HeldCall(equal), true);
            }
        }

        return (null, false);
    }

    private async ValueTask<HeldCall> StoreAsync(
        HeldPlace place, CallToHold call, byte[] argumentsHash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lifetime = call.Decision.StepUpTimeout is { } timeout && timeout > TimeSpan.Zero && timeout < _options.Timeout ? timeout : _options.Timeout;
        var entry = HeldCallData.NewEntry(call, argumentsHash, now, now + lifetime);
        try
        {
            entry = await store.AddAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            place.Leave();
            _ = RemoveAsync(entry.Id);
            throw;
        }

        watch.Begin(place, entry);
        place.Keep(entry);
        return new HeldCall(entry);
    }

    /// <summary>Finds the held call that a call is: the one that the flow resumes, or an equal one that waits in the session.</summary>
    public static HeldCallEntry? Find(SessionScope? scope, ThothSession session, string tool, ReadOnlySpan<byte> arguments)
    {
        if (scope?.MayResume != true && session.HeldCount == 0)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(arguments, hash);
        return scope?.TryTakeHeld(tool, session.Context, hash) ?? session.FindHeld(tool, hash);
    }

    /// <summary>Asks what became of a held call that is made again, and uses the approval if there is one.</summary>
    /// <param name="held">The held call.</param>
    /// <param name="request">The call that is made again, with the held call's id and arguments.</param>
    /// <param name="cancellationToken">Ends the wait. A response of the enforcer is stored all the same.</param>
    /// <returns>What became of it. A resolution that permits the call is returned once.</returns>
    public async ValueTask<ResumedHold> ResumeAsync(HeldCallEntry held, EnforcementRequest request, CancellationToken cancellationToken)
    {
        var decision = HeldCallData.Of(held).Decision;
        try
        {
            var entry = await _inquiry!.LearnAsync(held.Id, request).WaitAsync(cancellationToken).ConfigureAwait(false);
            var data = entry is null ? null : HeldCallData.Of(entry);
            var state = HeldCallStates.Of(entry, time.GetUtcNow());
            if (state is HeldCallState.Denied or HeldCallState.Expired)
            {
                watch.Resumed(held.Id);
                return new(
                    decision,
                    data?.Resolution is { Type: DecisionType.Block } refusal
                        ? refusal
                        : EnforcementDecision.Refuse(SdkReasonCodes.StepUpTimeout, "step-up auth timeout — no approver response"),
                    entry is not null && await TryEndAsync(entry, data!, state).ConfigureAwait(false));
            }

            // An approval that a peek showed is still the enforcer's to deliver.
            var isUsed = state == HeldCallState.Used ? true
                : state == HeldCallState.Approved && data!.Resolution is not null
                    ? !await TryUseAsync(entry!, data, request).ConfigureAwait(false)
                    : (bool?)null;
            if (isUsed is not null)
            {
                // The call's state is final, so a further equal call in the session is another one.
                watch.Resumed(held.Id);
            }

            return isUsed switch
            {
                null => new(decision, null, EndsCall: false),
                false => new(decision, data!.Resolution, EndsCall: true),
                true => new(
                    decision,
                    EnforcementDecision.Refuse(
                        SdkReasonCodes.StepUpApprovalUsed, "the approval was used before, so the call has run or is running; make it again without the held call to have it decided anew"),
                    EndsCall: false),
            };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // No decision is known, so the call stays held (contract §3.3).
            Log.HeldCallNotRead(_logger, SafeText.Of(held.ToolName), exception.GetType().Name);
            Log.FailureDetail(_logger, exception, SafeText.Of(held.ToolName));
            return new(decision, null, EndsCall: false);
        }
    }

    /// <summary>Marks the end of a refused call as recorded.</summary>
    /// <returns>Whether the refusal is that end: it was not recorded before, and the expiry does not record it.</returns>
    private async ValueTask<bool> TryEndAsync(HeldCallEntry entry, HeldCallData data, HeldCallState state)
    {
        // The attempt of another process that used the approval has an end of its own.
        if (data.IsEndRecorded || HeldCallStates.IsOver(entry, time.GetUtcNow()) || HeldCallEnd.MayBeUsedElsewhere(store, data.Resolution))
        {
            return false;
        }

        try
        {
            return await store.TryReplaceAsync(
                entry with { Version = entry.Version + 1, State = state, Data = (data with { IsEndRecorded = true }).ToBytes() },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The expiry may record the end too. Both have one event id.
            Log.FailureDetail(_logger, exception, SafeText.Of(entry.ToolName));
            return true;
        }
    }

    /// <summary>Marks an approval as used by a call that is made again.</summary>
    /// <returns>Whether this call uses it, and no other one.</returns>
    /// <exception cref="Exception">The approval is not marked.</exception>
    private async ValueTask<bool> TryUseAsync(HeldCallEntry entry, HeldCallData data, EnforcementRequest request)
    {
        var used = entry with
        {
            Version = entry.Version + 1,
            State = HeldCallState.Used,
            Data = (data with { UsedBy = request.ResumeNonce }).ToBytes(),
        };
        try
        {
            return await store.TryReplaceAsync(used, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A write that is reported as failed may have succeeded.
            if (await store.GetAsync(entry.Id, CancellationToken.None).ConfigureAwait(false) is { State: HeldCallState.Used } newest)
            {
                return HeldCallData.Of(newest).UsedBy == request.ResumeNonce;
            }

            throw;
        }
    }

    public async ValueTask<HeldCall?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        return await store.GetAsync(id, cancellationToken).ConfigureAwait(false) is { } entry ? new HeldCall(entry) : null;
    }

    public async ValueTask<IReadOnlyList<HeldCall>> ListAsync(ThothSession? session = null, CancellationToken cancellationToken = default)
    {
        var context = (session ?? sessions.Current).Context;
        var entries = await store.ListAsync(context.SessionId, cancellationToken).ConfigureAwait(false);
        return [.. entries.Where(entry => entry.State != HeldCallState.Used && entry.Is(context)).Select(static entry => new HeldCall(entry))];
    }

    public async ValueTask<IReadOnlyList<HeldCall>> ListAllAsync(CancellationToken cancellationToken = default)
    {
        var entries = await store.ListAsync(null, cancellationToken).ConfigureAwait(false);
        return [.. entries.Where(static entry => entry.State != HeldCallState.Used).OrderBy(static entry => entry.HeldAt).Select(static entry => new HeldCall(entry))];
    }

    public async ValueTask<HeldCallState> PeekAsync(HeldCall held, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(held);
        var entry = await store.GetAsync(held.Id, cancellationToken).ConfigureAwait(false);
        if (HeldCallStates.Of(entry, time.GetUtcNow()) == HeldCallState.Pending && _inquiry is not null)
        {
            entry = await _inquiry.LearnAsync(held.Id, resumed: null).WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return HeldCallStates.Of(entry, time.GetUtcNow());
    }

    public IDisposable Resume(HeldCall held)
    {
        ArgumentNullException.ThrowIfNull(held);
        var session = sessions.Current;
        if (!held.Entry.Is(session.Context))
        {
            throw new InvalidOperationException("The held call belongs to another session or user. Enter its session first: IThothSessions.GetOrStart(held.SessionId).Enter().");
        }

        // What the flow calls before the held call, it called before: each of these calls gets the key that it had.
        var data = HeldCallData.Of(held.Entry);
        return sessions.Enter(session, held.Entry, series: data.SeriesId is { } series ? new CallSeries(series, data.IdempotencyKey) : null);
    }

    public async ValueTask<bool> ResolveAsync(HeldCall held, ApprovalAnswer answer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(held);
        ArgumentNullException.ThrowIfNull(answer);
        if (enforcer is not IResolvableHoldEnforcer resolvable)
        {
            throw new NotSupportedException("The enforcer does not let this process answer its holds. Answer on the enforcer's page or through its API.");
        }

        if (HeldCallStates.Of(await store.GetAsync(held.Id, cancellationToken).ConfigureAwait(false), time.GetUtcNow()) != HeldCallState.Pending)
        {
            return false;
        }

        var data = HeldCallData.Of(held.Entry);
        if (!await resolvable.ResolveHoldAsync(data.Decision.HoldToken!, data.ToRequest(held.Entry), answer, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        // The next peek tells the answer, however short ago the last one was.
        await _inquiry!.LearnAsync(held.Id, resumed: null, isAnswered: true).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes a call that was refused because it was not stored: a write that is reported as failed may have succeeded.</summary>
    private async Task RemoveAsync(string id)
    {
        try
        {
            await store.RemoveAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.FailureDetail(_logger, exception, "held calls");
        }
    }
}
