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
    private readonly Dictionary<string, LinkedList<Entry>> _byUser = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _all = new();

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
            Add(id, new Entry(session) { LastUsed = now });
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
        while (_all.First?.Value is { } oldest && time.GetElapsedTime(oldest.LastUsed, now) > options.IdleTimeout)
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

    private static Entry? OldestUnused(LinkedList<Entry> entries)
    {
        for (var node = entries.First; node is not null; node = node.Next)
        {
            if (!node.Value.Session.IsInUse)
            {
                return node.Value;
            }
        }

        return null;
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

    private void Add(string id, Entry entry)
    {
        _byId.Add(id, entry);
        _all.AddLast(entry.InAll);
        if (!_byUser.TryGetValue(entry.Session.Context.UserId, out var own))
        {
            own = new LinkedList<Entry>();
            _byUser.Add(entry.Session.Context.UserId, own);
        }

        own.AddLast(entry.InUser);
    }

    private void Touch(Entry entry, long now)
    {
        entry.LastUsed = now;
        MoveToEnd(_all, entry.InAll);
        MoveToEnd(entry.InUser.List!, entry.InUser);
    }

    private static void MoveToEnd(LinkedList<Entry> list, LinkedListNode<Entry> node)
    {
        if (list.Last != node)
        {
            list.Remove(node);
            list.AddLast(node);
        }
    }

    private void Remove(Entry entry)
    {
        _byId.Remove(entry.Session.Id);
        _all.Remove(entry.InAll);
        var own = entry.InUser.List!;
        own.Remove(entry.InUser);
        if (own.Count == 0)
        {
            _byUser.Remove(entry.Session.Context.UserId);
        }
    }

    private sealed class Entry
    {
        public Entry(ThothSession session)
        {
            Session = session;
            InAll = new(this);
            InUser = new(this);
        }

        public ThothSession Session { get; }

        public LinkedListNode<Entry> InAll { get; }

        public LinkedListNode<Entry> InUser { get; }

        public long LastUsed { get; set; }
    }
}
