using Thoth.Interception.Threading;

namespace Thoth.Interception.Events.Queue;

/// <summary>
/// Gives the events of a queue out in batches. Events are numbered in the order in which they leave: those up to a number are due,
/// and a flush waits for those up to a number.
/// </summary>
/// <typeparam name="TEvent">The form in which events wait.</typeparam>
/// <param name="queue">Holds the events.</param>
/// <param name="places">Are freed for what leaves the queue.</param>
/// <param name="batchSize">How many events are a full batch.</param>
internal sealed class BatchSource<TEvent>(IEventBuffer<TEvent> queue, CapacityLimiter places, int batchSize)
{
    // Held to take events and to number them, never to add one while the queue is open.
    private readonly Lock _lock = new();
    private readonly FlushTracker _flushes = new();
    private long _taken;
    private long _dueTo;

    public int Count => queue.Count;

    public int BatchSize => batchSize;

    /// <summary>Events are to go out now, even if they do not fill a batch.</summary>
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

    public void Add(BehavioralEvent behavioralEvent) => queue.Add(behavioralEvent);

    /// <summary>Makes due what waits now. Later events neither delay it nor go before it.</summary>
    /// <returns>A task that completes when these events, and those that were taken before, were counted.</returns>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            return _flushes.Add(MakeDue());
        }
    }

    /// <summary>Closes the places and flushes. Later events wait for <see cref="End"/>.</summary>
    public Task CloseAsync()
    {
        // First, so that no event gets a place after the count.
        places.Close();
        lock (_lock)
        {
            _dueTo = _taken + queue.Count;
            return _flushes.Add(_dueTo);
        }
    }

    /// <summary>From now on all that waits is due.</summary>
    public void End()
    {
        lock (_lock)
        {
            _dueTo = long.MaxValue;
        }
    }

    /// <summary>Makes due what waits now, unless the places are closed.</summary>
    /// <returns>The number of the newest event.</returns>
    public long MakeDue()
    {
        lock (_lock)
        {
            var last = _taken + queue.Count;
            _dueTo = places.IsClosed ? _dueTo : last;
            return last;
        }
    }

    /// <summary>Takes the next batch if it is full or due.</summary>
    /// <param name="batch">Where the events go.</param>
    /// <param name="first">The number of the first, for <see cref="EndBatch"/>.</param>
    public bool TryTake(List<TEvent> batch, out long first)
    {
        // In one step with MakeDue: between the two it would count events as due that have just been taken.
        lock (_lock)
        {
            first = _taken + 1;
            var least = _dueTo > _taken ? 1 : places.IsClosed ? int.MaxValue : batchSize;
            if (queue.Count < least)
            {
                return false;
            }

            queue.Take(batch, batchSize);
            _taken += batch.Count;
            _flushes.Start(first, _taken);
        }

        places.Free(batch.Count);
        return true;
    }

    /// <summary>Ends the batch that begins with this event, after its events were counted as sent or dropped.</summary>
    public void EndBatch(long first) => _flushes.End(first);
}
