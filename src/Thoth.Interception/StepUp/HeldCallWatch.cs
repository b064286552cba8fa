using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.StepUp;

/// <summary>
/// Watches the calls that this process holds. A session is in use until its held calls are resumed. When a hold expires, a call that
/// never ran is recorded as blocked, and the call leaves the store.
/// </summary>
internal sealed class HeldCallWatch(IHeldCallStore store, EventPipeline events, TimeProvider time, ILogger<HeldCallWatch> logger) : IDisposable
{
    /// <summary>How often the end of a call is written if other callers change the call at the same time.</summary>
    private const int MaxAttempts = 8;

    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly NonThrowingLogger<HeldCallWatch> _logger = new(logger);

    /// <param name="session">The call's session, which has reserved a place for it.</param>
    /// <param name="entry">The held call, which is stored.</param>
    /// <param name="lifetime">How long it is held.</param>
    public void Begin(ThothSession session, HeldCallEntry entry, TimeSpan lifetime)
    {
        var watched = new Watched(session, entry);
        _watched[entry.Id] = watched;
        session.AddHeld(entry);
        watched.Expiry = time.CreateTimer(id => _ = ExpireAsync((string)id!), entry.Id, lifetime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the use of the session: the call was resumed. The call stays in the store until its hold expires, so that a replay is known.</summary>
    public void Resumed(string id)
    {
        if (_watched.TryGetValue(id, out var watched))
        {
            watched.LeaveSession();
        }
    }

    /// <summary>Derives the id of the event that ends a held call which does not run: it is one event however often it is recorded.</summary>
    public static string EndIdOf(string attestationId) => DerivedUuid.Of($"held call ended:{attestationId}").ToString();

    public void Dispose()
    {
        foreach (var watched in _watched.Values)
        {
            watched.Expiry?.Dispose();
        }
    }

    private async Task ExpireAsync(string id)
    {
        if (_watched.TryRemove(id, out var watched))
        {
            watched.LeaveSession();
            watched.Expiry?.Dispose();
        }

        try
        {
            await RecordEndAsync(id).ConfigureAwait(false);
            await store.RemoveAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The store failed. The call is expired for every reader by its time.
            Log.FailureDetail(_logger, exception, SafeText.Of(watched?.Entry.ToolName ?? id));
        }
    }

    /// <summary>Records the end of a call that never ran. Of several processes that share the store, one does.</summary>
    private async Task RecordEndAsync(string id)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await store.GetAsync(id, CancellationToken.None).ConfigureAwait(false) is not { State: not HeldCallState.Used } entry)
            {
                return;
            }

            var data = HeldCallData.Of(entry);
            if (data.IsEndRecorded)
            {
                return;
            }

            var ended = entry with
            {
                Version = entry.Version + 1,
                State = entry.State == HeldCallState.Denied ? HeldCallState.Denied : HeldCallState.Expired,
                Data = (data with { IsEndRecorded = true }).ToBytes(),
            };
            if (await store.TryReplaceAsync(ended, CancellationToken.None).ConfigureAwait(false))
            {
                events.Enqueue(EndOf(entry, data));
                return;
            }
        }
    }

    private BehavioralEvent EndOf(HeldCallEntry entry, HeldCallData data)
    {
        var now = time.GetUtcNow();
        var request = data.ToRequest(entry);
        var decision = data.Resolution is { Type: DecisionType.Block } refusal
            ? refusal.CompletedFor(request)
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
            EventId = EndIdOf(entry.ActionAttestationId),
            Phase = EventPhase.Block,
            OccurredAt = now,
            Duration = now - data.OccurredAt,
            Decision = decision,
        };
    }

    private sealed class Watched(ThothSession session, HeldCallEntry entry)
    {
        private ThothSession? _session = session;

        public HeldCallEntry Entry { get; } = entry;

        public ITimer? Expiry { get; set; }

        /// <summary>Ends the use of the session, once.</summary>
        public void LeaveSession() => Interlocked.Exchange(ref _session, null)?.RemoveHeld(Entry);
    }
}
