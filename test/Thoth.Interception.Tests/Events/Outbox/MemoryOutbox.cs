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

    public Func<long> OnDroppedEvents { get; init; } = static () => 0;

    public Func<bool, bool> OnIsWritable { get; init; } = static isWritable => isWritable;

    public Action OnDispose { get; init; } = static () => { };

    /// <summary>Runs before each method, with its name.</summary>
    public Func<string, Task> Before { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Replaces the events that a read found; the read returns the replacement.</summary>
    public Func<IReadOnlyList<PendingEvent>, Task<IReadOnlyList<PendingEvent>>> OnRead { get; set; } = Task.FromResult;

    /// <summary>Whether a read returns all events, however few are asked for.</summary>
    public bool IgnoresLimit { get; init; }

    public bool IsWritable => OnIsWritable(_records.Count < Capacity);

    public long LastSequence => OnLastSequence(_records.Count);

    public long? RecoveredEvents => OnRecoveredEvents();

    public long RecoveredUpTo => OnRecoveredUpTo();

    public long DroppedEvents => OnDroppedEvents();

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

    public async Task<int> AppendAsync(IReadOnlyList<OutboxEntry> entries)
    {
        await Before(nameof(AppendAsync));
        lock (_lock)
        {
            var room = Math.Min(entries.Count, Capacity - _records.Count);
            if (room == 0 && entries.Count > 0)
            {
                throw new IOException("no room");
            }

            room = OnAppend(room);
            _records.AddRange(entries.Take(room).Select(entry => (entry, !entry.IsPosted)));
            return room;
        }
    }

    public async Task<IReadOnlyList<PendingEvent>> ReadPendingAsync(long after, int limit)
    {
        await Before(nameof(ReadPendingAsync));
        IReadOnlyList<PendingEvent> pending;
        lock (_lock)
        {
            pending = [.. _records
                .Select((record, i) => (Sequence: i + 1L, record.Entry, record.IsSent))
                .Where(record => record.Sequence > after && !record.IsSent)
                .Take(IgnoresLimit ? int.MaxValue : limit)
                .Select(record => new PendingEvent { Sequence = record.Sequence, Json = record.Entry.Json })];
        }

        return await OnRead(pending);
    }

    public async Task<int> MarkSentAsync(long first, long last)
    {
        await Before(nameof(MarkSentAsync));
        lock (_lock)
        {
            var marked = 0;
            for (var i = (int)first - 1; i < last; i++)
            {
                marked += _records[i].IsSent ? 0 : 1;
                _records[i] = (_records[i].Entry, true);
            }

            return OnMarkSent(marked);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Before(nameof(DisposeAsync));
        IsDisposed = true;
        OnDispose();
    }
}
