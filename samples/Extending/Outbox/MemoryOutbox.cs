using Thoth.Interception;

namespace Extending.Outbox;

/// <summary>Shows the parts of an outbox. Its records are lost with the process, so it is not one to use.</summary>
internal sealed class MemoryOutbox : IEventOutbox
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, OutboxEntry> _pending = [];
    private long _lastSequence;

    public bool CommitsBeforeExecution => true;

    public bool IsWritable => true;

    public long LastSequence => Interlocked.Read(ref _lastSequence);

    public long? RecoveredEvents => 0;

    public long RecoveredUpTo => 0;

    public long DroppedEvents => 0;

    public long LostEvents => 0;

    public Task<int> AppendAsync(IReadOnlyList<OutboxEntry> entries)
    {
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                // A decision has a sequence number too, but is never sent.
                _lastSequence++;
                if (entry.IsPosted)
                {
                    _pending.Add(_lastSequence, entry);
                }
            }
        }

        return Task.FromResult(entries.Count);
    }

    public Task<IReadOnlyList<PendingEvent>> ReadPendingAsync(long after, int limit)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<PendingEvent>>(
                [.. _pending.Where(pair => pair.Key > after).Take(limit).Select(pair => new PendingEvent { Sequence = pair.Key, Json = pair.Value.Json })]);
        }
    }

    public Task<int> MarkSentAsync(long first, long last)
    {
        lock (_lock)
        {
            return Task.FromResult(_pending.Keys.Where(sequence => sequence >= first && sequence <= last).ToList().Count(_pending.Remove));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
