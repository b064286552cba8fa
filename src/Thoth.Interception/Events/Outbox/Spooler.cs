using System.Collections.Concurrent;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Events.Outbox;

/// <summary>
/// Writes recorded events to the outbox, in their order. While the outbox cannot be written, events wait in memory, and calls that
/// wait for their evidence are refused at once.
/// </summary>
internal sealed class Spooler
{
    private const int MaxBatch = 256;

    // How long an event that no call waits for stays in memory: waking a thread for each would cost more than the call.
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_maxBackoff = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<SpoolItem> _buffer = new();
    private readonly List<SpoolItem> _batch = [];
    private readonly OutboxEntryWriter _writer = new();
    private readonly AsyncSignal _wakeUp = new();
    private readonly IEventOutbox _outbox;
    private readonly EventCounters _counters;
    private readonly CapacityLimiter _capacity;
    private readonly TimeProvider _time;
    private readonly Action<int> _written;
    private volatile bool _isClosing;

    /// <param name="outbox">The outbox to write to.</param>
    /// <param name="counters">Counts written and dropped events.</param>
    /// <param name="capacity">Limits the events in memory; each gives its permit back here.</param>
    /// <param name="time">The clock for intervals.</param>
    /// <param name="written">Is called with the number of events that were just committed.</param>
    public Spooler(IEventOutbox outbox, EventCounters counters, CapacityLimiter capacity, TimeProvider time, Action<int> written)
    {
        (_outbox, _counters, _capacity, _time, _written) = (outbox, counters, capacity, time, written);
        Ended = Task.Run(RunAsync);
    }

    public Task Ended { get; }

    public void Add(SpoolItem item)
    {
        _buffer.Enqueue(item);
        if (item.Written is not null || _wakeUp.IsAsleep)
        {
            _wakeUp.Signal();
        }
    }

    /// <summary>Writes the items that are there, once, and ends.</summary>
    public Task CloseAsync()
    {
        _isClosing = true;
        _wakeUp.Signal();
        return Ended;
    }

    /// <summary>Drops and counts the items that came after the end, or could not be written.</summary>
    public void DropLeftovers()
    {
        while (_buffer.TryDequeue(out var item))
        {
            Drop(item, DropReason.Closed);
        }
    }

    private async Task RunAsync()
    {
        var backoff = s_interval;
        while (true)
        {
            var closing = _isClosing;
            var succeeded = await WriteAllAsync().ConfigureAwait(false);
            if (closing)
            {
                break;
            }

            backoff = succeeded ? s_interval : TimeSpan.FromTicks(Math.Min(backoff.Ticks * 2, s_maxBackoff.Ticks));
            await _wakeUp.WaitAsync(backoff, _time, () => succeeded && _buffer.IsEmpty && !_isClosing).ConfigureAwait(false);
        }

        _batch.ForEach(item => Drop(item, DropReason.Closed));
        DropLeftovers();
    }

    private async ValueTask<bool> WriteAllAsync()
    {
        while (FillBatch())
        {
            try
            {
                var written = await _outbox.AppendAsync([.. _batch.Select(static item => item.Entry).OfType<OutboxEntry>()]).ConfigureAwait(false);
                Settle(ItemsUpTo(written));
            }
            catch (Exception exception)
            {
                // Marks before the first event that was not written wait for nothing more.
                Settle(ItemsUpTo(0));
                RefuseCalls(exception);
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds items to those that the last attempt left.</summary>
    private bool FillBatch()
    {
        while (_batch.Count < MaxBatch && _buffer.TryDequeue(out var item))
        {
            // The item was refused while it waited for its turn.
            if (item.Written is { Task.IsCompleted: true })
            {
                continue;
            }

            try
            {
                item.Entry = item.Event is null ? null : _writer.Write(item.Event, item.Phase);
                _batch.Add(item);
            }
            catch (Exception exception)
            {
                item.Written?.TrySetException(exception);
                Drop(item, DropReason.SinkFailed);
            }
        }

        return _batch.Count > 0;
    }

    /// <summary>Counts the items of the batch up to the first record that was not written.</summary>
    /// <param name="written">The number of written records.</param>
    private int ItemsUpTo(int written)
    {
        var count = 0;
        while (count < _batch.Count && (_batch[count].Entry is null || written-- > 0))
        {
            count++;
        }

        return count;
    }

    private void Settle(int count)
    {
        var (events, last) = (0, _outbox.LastSequence);
        for (var i = 0; i < count; i++)
        {
            events += _batch[i].IsEvent ? 1 : 0;
            _batch[i].Written?.TrySetResult(last);
        }

        _batch.RemoveRange(0, count);
        if (events > 0)
        {
            _counters.CountSpooled(events);
            _capacity.Free(events);
            _written(events);
        }
    }

    private void RefuseCalls(Exception exception)
    {
        foreach (var item in _batch.Concat(_buffer).Where(static item => item.IsUrgent))
        {
            item.Written!.TrySetException(exception);
        }

        _batch.RemoveAll(static item => item.IsUrgent);
    }

    private void Drop(SpoolItem item, DropReason reason)
    {
        if (item.IsEvent)
        {
            _counters.CountDropped(reason, 1);
            _capacity.Free(1);
        }

        item.Written?.TrySetException(new ObjectDisposedException(nameof(IEventOutbox), "The outbox is closed."));
    }
}
