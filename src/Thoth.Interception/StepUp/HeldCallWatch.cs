using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.StepUp;

/// <summary>
/// Watches the calls that this process holds: their sessions are in use, and a call that is not resumed is recorded as blocked when
/// its hold expires.
/// </summary>
internal sealed class HeldCallWatch(IHeldCallStore store, EventPipeline events, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);

    public void Begin(ThothSession session, HeldCallEntry entry, TimeSpan lifetime)
    {
        var watched = new Watched(session, entry);
        _watched[entry.Id] = watched;
        session.AddHeld(entry);
        watched.Expiry = time.CreateTimer(id => _ = ExpireAsync((string)id!), entry.Id, lifetime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the watch: the call was resumed.</summary>
    public void End(string id)
    {
        if (_watched.TryRemove(id, out var watched))
        {
            watched.Expiry?.Dispose();
            watched.Session.RemoveHeld(watched.Entry);
        }
    }

    public void Dispose()
    {
        foreach (var watched in _watched.Values)
        {
            watched.Expiry?.Dispose();
        }
    }

    private async Task ExpireAsync(string id)
    {
        End(id);
        try
        {
            if (await store.GetAsync(id, CancellationToken.None).ConfigureAwait(false) is not { } entry)
            {
                return;
            }

            // Of several processes that share the store, one records the end.
            if (entry.State is HeldCallState.Pending or HeldCallState.Approved
                && await store.TryReplaceAsync(entry with { Version = entry.Version + 1, State = HeldCallState.Expired }, CancellationToken.None).ConfigureAwait(false))
            {
                events.Enqueue(EndOf(entry));
            }

            await store.RemoveAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The store failed. The call is expired for every reader by its time.
        }
    }

    private BehavioralEvent EndOf(HeldCallEntry entry)
    {
        var data = HeldCallData.Of(entry);
        var now = time.GetUtcNow();
        return new BehavioralEvent(BehavioralEventType.ToolCallBlock, data.ToRequest(entry))
        {
            EventId = IdFor(entry.ActionAttestationId).ToString(),
            Phase = EventPhase.Block,
            OccurredAt = now,
            Duration = now - data.OccurredAt,
            Decision = data.Decision with
            {
                Type = DecisionType.Block,
                AuthorizationDecision = null,
                SdkReasonCode = SdkReasonCodes.StepUpTimeout,
                DecisionReasonCode = SdkReasonCodes.StepUpTimeout,
                HoldToken = null,
            },
        };
    }

    /// <summary>Derives the event's id from the call, so that the end of a call is one event however often it is recorded.</summary>
    private static Guid IdFor(string attestationId)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"expired:{attestationId}"))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private sealed class Watched(ThothSession session, HeldCallEntry entry)
    {
        public ThothSession Session { get; } = session;

        public HeldCallEntry Entry { get; } = entry;

        public ITimer? Expiry { get; set; }
    }
}
