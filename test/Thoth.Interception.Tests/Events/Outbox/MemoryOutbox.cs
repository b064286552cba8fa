namespace Thoth.Interception.Tests.Events.Outbox;

/// <summary>An outbox as another package may bring it, on the public surface alone. It forgets everything with the process.</summary>
internal sealed class MemoryOutbox : IEventOutbox
{
    private readonly Lock _lock = new();
    private readonly List<(OutboxEntry Entry, bool IsSent)> _records = [];

    public bool CommitsBeforeExecution { get; init; }

    /// <summary>How many records fit.</summary>
    public int Capacity { get; set; } = int.MaxValue;

    public bool IsWritable => _records.Count < Capacity;

    public long LastSequence => _records.Count;

    public long? RecoveredEvents => 0;

    public long RecoveredUpTo => 0;

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

            return Task.FromResult(marked);
        }
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
