using System.Diagnostics.Metrics;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Sessions;

/// <summary>
/// Keeps sessions by id, so that one conversation can span several requests. A session goes when it is idle for too long or when
/// there are too many, least recently used first; one that is in use never does. Thread-safe.
/// </summary>
internal sealed class KeptSessions(SessionOptions options, TimeProvider time)
{
    private static readonly Counter<long> s_evicted = ThothDiagnostics.Meter.CreateCounter<long>(
        "thoth.sessions.evicted", "{session}", "Kept sessions that were forgotten, by reason: idle or capacity.");

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Chain> _byUser = new(StringComparer.Ordinal);
    private readonly Chain _all = new(ofUser: false);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>Gets the session with this id, or keeps the one that is created for it.</summary>
    /// <param name="id">The session's id.</param>
    /// <param name="create">Creates the session. It runs under the lock, so that concurrent requests get one session.</param>
    /// <param name="state">The argument of <paramref name="create"/>.</param>
    public (ThothSession Session, bool IsNew) GetOrAdd<TState>(string id, Func<TState, ThothSession> create, TState state)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            EvictIdle(now);
            if (_byId.TryGetValue(id, out var known))
            {
                Touch(known, now);
                return (known.Session, false);
            }

            var session = create(state);
            EvictForCapacity(session.Context.UserId);
            Add(id, session, now);
            return (session, true);
        }
    }

    /// <summary>Finds a kept session, which does not count as used.</summary>
    public ThothSession? Find(string id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id)?.Session;
        }
    }

    /// <summary>Counts the session as used now. Does nothing if it is not kept.</summary>
    public void Touch(ThothSession session)
    {
        lock (_lock)
        {
            if (EntryOf(session) is { } entry)
            {
                Touch(entry, time.GetTimestamp());
            }
        }
    }

    /// <summary>Forgets a session that was closed.</summary>
    public void Remove(ThothSession session)
    {
        lock (_lock)
        {
            if (EntryOf(session) is { } entry)
            {
                Remove(entry);
            }
        }
    }

    private Entry? EntryOf(ThothSession session) =>
        _byId.TryGetValue(session.Id, out var entry) && entry.Session == session ? entry : null;

    private void EvictIdle(long now)
    {
        while (_all.First is { } oldest && time.GetElapsedTime(oldest.LastUsed, now) > options.IdleTimeout)
        {
            if (oldest.Session.IsInUse)
            {
                Touch(oldest, now);
            }
            else
            {
                Evict(oldest, "idle");
            }
        }
    }

    /// <summary>Makes room for a session: the user's own oldest goes first, so that one user cannot end the sessions of others.</summary>
    private void EvictForCapacity(string user)
    {
        while (_byId.Count >= options.MaxSessions
            && ((_byUser.TryGetValue(user, out var own) ? OldestUnused(own) : null) ?? OldestUnused(_all)) is { } oldest)
        {
            Evict(oldest, "capacity");
        }
    }

    private static Entry? OldestUnused(Chain entries)
    {
        var entry = entries.First;
        while (entry is not null && entry.Session.IsInUse)
        {
            entry = entries.After(entry);
        }

        return entry;
    }

    private void Evict(Entry entry, string reason)
    {
        Remove(entry);
        try
        {
            s_evicted.Add(1, new KeyValuePair<string, object?>("reason", reason));
        }
        catch (Exception)
        {
            // A listener failed; the session is gone all the same.
        }
    }

    private void Add(string id, ThothSession session, long now)
    {
        if (!_byUser.TryGetValue(session.Context.UserId, out var own))
        {
            _byUser.Add(session.Context.UserId, own = new Chain(ofUser: true));
        }

        var entry = new Entry(session, own) { LastUsed = now };
        _byId.Add(id, entry);
        _all.Append(entry);
        own.Append(entry);
    }

    private void Touch(Entry entry, long now)
    {
        entry.LastUsed = now;
        _all.MoveToEnd(entry);
        entry.OfUser.MoveToEnd(entry);
    }

    private void Remove(Entry entry)
    {
        _byId.Remove(entry.Session.Id);
        _all.Remove(entry);
        entry.OfUser.Remove(entry);
        if (entry.OfUser.First is null)
        {
            _byUser.Remove(entry.Session.Context.UserId);
        }
    }

    /// <summary>
    /// Orders entries by their last use. The links are in the entries: a session found among many costs mostly memory that is read for
    /// the first time, and nodes of their own would double it.
    /// </summary>
    private sealed class Chain(bool ofUser)
    {
        public Entry? First { get; private set; }

        private Entry? Last { get; set; }

        public Entry? After(Entry entry) => Links(entry).After;

        public void Append(Entry entry)
        {
            Links(entry) = (Last, null);
            if (Last is null)
            {
                First = entry;
            }
            else
            {
                Links(Last).After = entry;
            }

            Last = entry;
        }

        public void Remove(Entry entry)
        {
            var (before, after) = Links(entry);
            if (before is null)
            {
                First = after;
            }
            else
            {
                Links(before).After = after;
            }

            if (after is null)
            {
                Last = before;
            }
            else
            {
                Links(after).Before = before;
            }
        }

        public void MoveToEnd(Entry entry)
        {
            if (Last != entry)
            {
                Remove(entry);
                Append(entry);
            }
        }

        private ref (Entry? Before, Entry? After) Links(Entry entry) => ref ofUser ? ref entry.LinksOfUser : ref entry.Links;
    }

    private sealed class Entry(ThothSession session, Chain ofUser)
    {
        public (Entry? Before, Entry? After) Links;
        public (Entry? Before, Entry? After) LinksOfUser;

        public ThothSession Session { get; } = session;

        public Chain OfUser { get; } = ofUser;

        public long LastUsed { get; set; }
    }
}
