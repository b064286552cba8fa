using Thoth.Interception.Events.Queue;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.StepUp;

/// <summary>Ends held calls that expired.</summary>
internal sealed class HeldCallEnd(IHeldCallStore store, IEnforcer enforcer, EventPipeline events, TimeProvider time)
{
    /// <summary>The code of a peek at an approval that was used (contract §3.5).</summary>
    private const string UsedElsewhere = "unknown_hold";

    /// <summary>How long one process alone may record the end of a call. If it is killed meanwhile, another process does it then.</summary>
    private static readonly TimeSpan s_claim = TimeSpan.FromSeconds(10);

    /// <summary>How long after the expiry the enforcer is asked whether another process used the approval, and how often.</summary>
    private static readonly TimeSpan s_askFor = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_askAgain = TimeSpan.FromMinutes(1);

    /// <summary>Derives the id of the event that ends a held call which does not run: it is one event however often it is recorded.</summary>
    public static string IdOf(string attestationId) => DerivedUuid.Of($"held call ended:{attestationId}").ToString();

    /// <summary>Whether another process may have run the call, so that this one does not know its end.</summary>
    public static bool MayBeUsedElsewhere(IHeldCallStore store, EnforcementDecision? resolution) =>
        !store.KnowsEveryUse && resolution?.DecisionReasonCode == UsedElsewhere;

    /// <summary>
    /// Records the end of a call that never ran, and removes the call. Of several processes that share the store, one does. If it is killed
    /// in between, another one records the same event again.
    /// </summary>
    /// <param name="id">The id of the held call.</param>
    /// <param name="isRecorded">Whether this process has recorded the end and only has to remove the call.</param>
    /// <param name="recorded">Called when the end is recorded: the removal may still fail.</param>
    /// <returns>How long to wait until the call is looked at again; zero if it has ended.</returns>
    public async Task<TimeSpan> RecordAsync(string id, bool isRecorded, Action recorded)
    {
        if (await store.GetAsync(id, CancellationToken.None).ConfigureAwait(false) is not { } entry)
        {
            return TimeSpan.Zero;
        }

        var (data, now) = (HeldCallData.Of(entry), time.GetUtcNow());
        if (entry.State != HeldCallState.Used && !data.IsEndRecorded && !isRecorded)
        {
            if (entry.ClaimedUntil > now)
            {
                return entry.ClaimedUntil.Value - now;
            }

            var claimed = entry with { Version = entry.Version + 1, ClaimedUntil = now + s_claim };
            if (!await store.TryReplaceAsync(claimed, CancellationToken.None).ConfigureAwait(false))
            {
                return s_claim;
            }

            var resolution = data.Resolution;
            if (!store.KnowsEveryUse && resolution is null && enforcer is IHoldEnforcer holds)
            {
                resolution = await AskAsync(holds, entry, data).ConfigureAwait(false);
                if (resolution is null && now < entry.ExpiresAt + s_askFor)
                {
                    return s_askAgain;
                }
            }

            if (!MayBeUsedElsewhere(store, resolution))
            {
                events.Enqueue(EndOf(entry, data, resolution));
            }

            recorded();
        }

        await store.RemoveAsync(id, CancellationToken.None).ConfigureAwait(false);
        return TimeSpan.Zero;
    }

    /// <summary>Asks the enforcer what became of the call in another process, and uses nothing up.</summary>
    /// <returns><see langword="null"/> if the enforcer cannot be reached, or says that the call is still held.</returns>
    private async Task<EnforcementDecision?> AskAsync(IHoldEnforcer holds, HeldCallEntry entry, HeldCallData data)
    {
        using var timeout = new CancellationTokenSource(s_claim, time);
        try
        {
            var peek = holds.PeekHoldAsync(data.Decision.HoldToken!, data.ToRequest(entry), timeout.Token);
            return (await peek.AsTask().WaitAsync(timeout.Token).ConfigureAwait(false)).Resolution;
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Makes the same event whichever process records the end, and whenever.</summary>
    private static BehavioralEvent EndOf(HeldCallEntry entry, HeldCallData data, EnforcementDecision? resolution)
    {
        var request = data.ToRequest(entry);
        var decision = resolution is { Type: DecisionType.Block }
            ? resolution.CompletedFor(request)
            : data.Decision with
            {
                Type = DecisionType.Block,
                AuthorizationDecision = null,
                SdkReasonCode = SdkReasonCodes.StepUpTimeout,
                DecisionReasonCode = SdkReasonCodes.StepUpTimeout,
                HoldToken = null,
            };
        return new BehavioralEvent(BehavioralEventType.ToolCallBlock, request)
        {
            EventId = IdOf(entry.ActionAttestationId),
            Phase = EventPhase.Block,
            OccurredAt = entry.ExpiresAt,
            Duration = entry.ExpiresAt - data.OccurredAt,
            Decision = decision,
        };
    }
}
