namespace Thoth.Interception.Tests.Events.Outbox;

/// <summary>An outbox as another package may bring it, on the public surface alone. It forgets everything with the process.</summary>
internal sealed class MemoryOutbox : IEventOutbox
{
    private readonly Lock _lock = new();
    private readonly List<(OutboxEntry Entry, bool IsSent)> _records = [];

    public bool CommitsBeforeExecution { get; init; }

    /// <summary>How many records fit.</summary>
    public int Capacity { get; set; } = int.MaxValue;

    /// <summary>Replaces the number of appended records before they are stored; fewer are stored then.</summary>
    public Func<int, int> OnAppend { get; set; } = static count => count;

    /// <summary>Replaces the count that <see cref="MarkSentAsync"/> returns.</summary>
    public Func<int, int> OnMarkSent { get; init; } = static count => count;

    public Func<long, long> OnLastSequence { get; init; } = static sequence => sequence;

    public Func<long?> OnRecoveredEvents { get; init; } = static () => 0;

    public Func<long> OnRecoveredUpTo { get; init; } = static () => 0;

    public Action OnDispose { get; init; } = static () => { };

    public bool IsWritable => _records.Count < Capacity;

    public long LastSequence => OnLastSequence(_records.Count);

    public long? RecoveredEvents => OnRecoveredEvents();

    public long RecoveredUpTo => OnRecoveredUpTo();

    public long DroppedEvents => 0;

    public long LostEvents => 0;

    public bool IsDisposed { get; private set; }

    public IReadOnlyList<string> Phases
    {
        get
        {
            lock (_lock)
            {
                return [.. _records.Select(record => record.Entry.Phase)];
            }
        }
    }

    public int Unsent
    {
        get
        {
            lock (_lock)
            {
                return _records.Count(record => !record.IsSent);
            }
        }
    }

    public Task<int> AppendAsync(IReadOnlyList<OutboxEntry> entries)
    {
        lock (_lock)
        {
            var room = Math.Min(entries.Count, Capacity - _records.Count);
            if (room == 0 && entries.Count > 0)
            {
                throw new IOException("no room");
            }

            room = OnAppend(room);
            _records.AddRange(entries.Take(room).Select(entry => (entry, !entry.IsPosted)));
            return Task.FromResult(room);
        }
    }

    public Task<IReadOnlyList<PendingEvent>> ReadPendingAsync(long after, int limit)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<PendingEvent>>([.. _records
                .Select((record, i) => (Sequence: i + 1L, record.Entry, record.IsSent))
                .Where(record => record.Sequence > after && !record.IsSent)
                .Take(limit)
                .Select(record => new PendingEvent { Sequence = record.Sequence, Json = record.Entry.Json })]);
        }
    }

    public Task<int> MarkSentAsync(long first, long last)
    {
        lock (_lock)
        {
            var marked = 0;
            for (var i = (int)first - 1; i < last; i++)
            {
                marked += _records[i].IsSent ? 0 : 1;
                _records[i] = (_records[i].Entry, true);
            }

            return Task.FromResult(OnMarkSent(marked));
        }
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        OnDispose();
        return ValueTask.CompletedTask;
    }
}
