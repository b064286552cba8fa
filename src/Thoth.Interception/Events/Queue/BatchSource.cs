using Thoth.Interception.Threading;

namespace Thoth.Interception.Events.Queue;

/// <summary>
/// Hands out the events of a queue in batches. Events are numbered in the order in which they leave the buffer. Events up to a number
/// are due, and a flush waits until all events up to a number are counted.
/// </summary>
/// <typeparam name="TEvent">The form in which events wait.</typeparam>
/// <param name="buffer">Holds the events.</param>
/// <param name="capacity">Its permits are freed for events that leave the buffer.</param>
/// <param name="batchSize">The number of events in a full batch.</param>
internal sealed class BatchSource<TEvent>(IEventBuffer<TEvent> buffer, CapacityLimiter capacity, int batchSize)
{
    // Held to take events and to number them. Adding an event does not need it.
    private readonly Lock _lock = new();
    private readonly FlushTracker _flushes = new();
    private long _taken;
    private long _dueTo;

    public int Count => buffer.Count;

    public int BatchSize => batchSize;

    /// <summary>Gets whether events must be sent now, even if they do not fill a batch.</summary>
    public bool AreDue
    {
        get
        {
            lock (_lock)
            {
                return _dueTo > _taken;
            }
        }
    }

    public void Add(BehavioralEvent behavioralEvent) => buffer.Add(behavioralEvent);

    /// <summary>Makes the waiting events due. Later events neither delay them nor overtake them.</summary>
    /// <returns>A task that completes when these events and all earlier ones are counted.</returns>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            return _flushes.Add(MakeDue());
        }
    }

    /// <summary>Closes the queue and flushes it. Later events wait for <see cref="End"/>.</summary>
    public Task CloseAsync()
    {
        // Closed first, so that no event gets a permit after the count.
        capacity.Close();
        lock (_lock)
        {
            _dueTo = _taken + buffer.Count;
            return _flushes.Add(_dueTo);
        }
    }

    /// <summary>Makes all waiting and all later events due.</summary>
    public void End()
    {
        lock (_lock)
        {
            _dueTo = long.MaxValue;
        }
    }

    /// <summary>Makes the waiting events due, unless the queue is closed.</summary>
    /// <returns>The number of the newest event.</returns>
    public long MakeDue()
    {
        lock (_lock)
        {
            var last = _taken + buffer.Count;
            _dueTo = capacity.IsClosed ? _dueTo : last;
            return last;
        }
    }

    /// <summary>Takes the next batch if it is full or due.</summary>
    /// <param name="batch">Receives the events.</param>
    /// <param name="first">The number of the first event, for <see cref="EndBatch"/>.</param>
    /// <returns><see langword="false"/> if no batch is full or due.</returns>
    public bool TryTake(List<TEvent> batch, out long first)
    {
        // Under the lock of MakeDue: otherwise MakeDue could read the count before this take and add it to the number after it.
        lock (_lock)
        {
            first = _taken + 1;
            var minimum = _dueTo > _taken ? 1 : capacity.IsClosed ? int.MaxValue : batchSize;
            if (buffer.Count < minimum)
            {
                return false;
            }

            buffer.Take(batch, batchSize);
            _taken += batch.Count;
            _flushes.Start(first, _taken);
        }

        capacity.Free(batch.Count);
        return true;
    }

    /// <summary>Ends the batch that begins with this event, after its events were counted as sent or dropped.</summary>
    public void EndBatch(long first) => _flushes.End(first);
}
