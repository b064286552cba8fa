using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;
using Thoth.Interception.Threading;

namespace Thoth.Interception.StepUp;

/// <summary>
/// Watches the calls that this process holds, and those that it found in the store when it started. A session is in use until its held
/// calls are resumed. When a hold expires, a call that never ran is recorded as blocked, and the call leaves the store.
/// </summary>
internal sealed class HeldCallWatch(
    IHeldCallStore store, HeldCallEnd end, ThothSessions sessions, TimeProvider time, ILogger<HeldCallWatch> logger) : IDisposable
{
    /// <summary>How long to wait until a store or an enforcer that failed is asked again.</summary>
    private static readonly TimeSpan s_retry = TimeSpan.FromMinutes(1);

    /// <summary>How long a start may wait for the store.</summary>
    private static readonly TimeSpan s_restoreLimit = TimeSpan.FromSeconds(10);

    /// <summary>The longest time that a timer accepts is about 49 days.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromDays(30);

    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private readonly NonThrowingLogger<HeldCallWatch> _logger = new(logger);
    private readonly Lock _restoring = new();
    private Dictionary<string, List<Watched>>? _waitingForSession;
    private ITimer? _restoreAgain;
    private bool _disposed;

    /// <summary>Begins to watch a call that this process holds.</summary>
    /// <param name="place">Its place in its session.</param>
    /// <param name="entry">The held call, which is stored.</param>
    public void Begin(HeldPlace place, HeldCallEntry entry)
    {
        var watched = new Watched(entry, place);
        if (_watched.TryAdd(entry.Id, watched))
        {
            Schedule(watched, entry.ExpiresAt - time.GetUtcNow());
        }
    }

    /// <summary>Begins to watch the calls that an earlier process left in the store. Waits for the store; does not throw.</summary>
    public void Restore()
    {
        sessions.OnKept = Adopt;
        SynchronousWait.ForMostlyCompleted(static watch => watch.RestoreAsync(), this);
    }

    /// <summary>Ends the use of the session: the call was resumed. The call stays in the store until its hold expires, so that a replay is known.</summary>
    public void Resumed(string id)
    {
        if (_watched.TryGetValue(id, out var watched))
        {
            watched.LeaveSession();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _restoreAgain?.Dispose();
        foreach (var watched in _watched.Values)
        {
            watched.Expiry?.Dispose();
        }
    }

    /// <summary>Gives a session that starts again its held calls. Does nothing for most sessions. It may be called under the lock of the sessions.</summary>
    private void Adopt(ThothSession session)
    {
        if (Volatile.Read(ref _waitingForSession) is null)
        {
            return;
        }

        lock (_restoring)
        {
            if (_waitingForSession is null || !_waitingForSession.TryGetValue(session.Id, out var calls))
            {
                return;
            }

            calls.RemoveAll(call => call.Entry.Is(session.Context) && call.Join(session));
            if (calls.Count == 0)
            {
                _waitingForSession.Remove(session.Id);
            }

            if (_waitingForSession.Count == 0)
            {
                _waitingForSession = null;
            }
        }
    }

    private async ValueTask RestoreAsync()
    {
        try
        {
            var listed = store.ListAsync(null, CancellationToken.None);
            foreach (var entry in listed.IsCompletedSuccessfully
                ? CompletedTaskResult.ResultOf(listed.AsTask())
                : await listed.AsTask().WaitAsync(s_restoreLimit, time).ConfigureAwait(false))
            {
                Restore(entry);
            }
        }
        catch (Exception exception)
        {
            // The calls can be resumed all the same; their ends are recorded once the store can be read.
            Log.HeldCallsNotRestored(_logger);
            Log.FailureDetail(_logger, exception, "held calls");
            if (!_disposed)
            {
                _restoreAgain = time.CreateTimer(_ => _ = RestoreAsync().AsTask(), null, s_retry, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Restore(HeldCallEntry entry)
    {
        var watched = new Watched(entry, place: null);
        if (!_watched.TryAdd(entry.Id, watched))
        {
            return;
        }

        if (entry.State is HeldCallState.Pending or HeldCallState.Approved && entry.ExpiresAt > time.GetUtcNow())
        {
            lock (_restoring)
            {
                var waiting = _waitingForSession ??= new(StringComparer.Ordinal);
                (waiting.TryGetValue(entry.SessionId, out var calls) ? calls : waiting[entry.SessionId] = []).Add(watched);
            }

            // One that started before this process knew its calls.
            if (sessions.FindKept(entry.SessionId) is { } session)
            {
                Adopt(session);
            }
        }

        Schedule(watched, entry.ExpiresAt - time.GetUtcNow());
    }

    private void Schedule(Watched watched, TimeSpan pause)
    {
        if (_disposed)
        {
            return;
        }

        pause = pause < TimeSpan.Zero ? TimeSpan.Zero : pause > s_longestPause ? s_longestPause : pause;
        watched.Expiry?.Dispose();
        watched.Expiry = time.CreateTimer(state => _ = ExpireAsync((Watched)state!), watched, pause, Timeout.InfiniteTimeSpan);
    }

    private async Task ExpireAsync(Watched watched)
    {
        var pause = s_retry;
        try
        {
            if (watched.Entry.ExpiresAt <= time.GetUtcNow())
            {
                watched.LeaveSession();
                Forget(watched);
                pause = await end.RecordAsync(watched.Entry.Id, watched.IsEndRecorded, () => watched.IsEndRecorded = true).ConfigureAwait(false);
            }
            else
            {
                pause = watched.Entry.ExpiresAt - time.GetUtcNow();
            }
        }
        catch (Exception exception)
        {
            // The call is expired for every reader by its time. Its end is recorded later.
            Log.FailureDetail(_logger, exception, SafeText.Of(watched.Entry.ToolName));
        }

        if (pause > TimeSpan.Zero)
        {
            Schedule(watched, pause);
        }
        else
        {
            _watched.TryRemove(watched.Entry.Id, out _);
            watched.Expiry?.Dispose();
        }
    }

    /// <summary>Removes an expired call from those that wait for their session to start.</summary>
    private void Forget(Watched watched)
    {
        lock (_restoring)
        {
            if (_waitingForSession?.GetValueOrDefault(watched.Entry.SessionId) is { } calls && calls.Remove(watched) && calls.Count == 0)
            {
                _waitingForSession.Remove(watched.Entry.SessionId);
            }
        }
    }

    /// <summary>A call that is watched, and its place in its session if the session runs here.</summary>
    private sealed class Watched(HeldCallEntry entry, HeldPlace? place)
    {
        private readonly Lock _lock = new();
        private HeldPlace? _place = place;
        private bool _left;

        public HeldCallEntry Entry { get; } = entry;

        public ITimer? Expiry { get; set; }

        public bool IsEndRecorded { get; set; }

        /// <summary>Gives the call a place in its session, unless it has left it.</summary>
        /// <returns>Always <see langword="true"/>: it waits for no other session.</returns>
        public bool Join(ThothSession session)
        {
            lock (_lock)
            {
                _place ??= _left ? null : session.RestoreHeld(Entry);
            }

            return true;
        }

        /// <summary>Ends the use of the session, once.</summary>
        public void LeaveSession()
        {
            HeldPlace? left;
            lock (_lock)
            {
                (left, _place, _left) = (_place, null, true);
            }

            left?.Leave();
        }
    }
}
