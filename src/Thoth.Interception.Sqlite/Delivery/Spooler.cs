using System.Collections.Concurrent;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Sqlite.Delivery;

/// <summary>
/// Writes what was recorded to the outbox, in its order. While the outbox cannot be written, events wait in memory, and calls that
/// wait for their evidence are refused at once.
/// </summary>
internal sealed class Spooler
{
    private const int LargestBatch = 256;

    // How long an event that no call waits for stays in memory: waking a thread for each would cost more than the call.
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longestBackoff = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<SpoolItem> _buffer = new();
    private readonly List<SpoolItem> _batch = [];
    private readonly EventJson _json = new();
    private readonly AsyncSignal _wakeUp = new();
    private readonly SqliteOutbox _outbox;
    private readonly EventCounters _counters;
    private readonly CapacityLimiter _places;
    private readonly TimeProvider _time;
    private readonly Action<int> _written;
    private volatile bool _isClosing;

    /// <param name="outbox">Where events are written.</param>
    /// <param name="counters">Where they are counted.</param>
    /// <param name="places">The places of events in memory.</param>
    /// <param name="time">The clock for rests.</param>
    /// <param name="written">Is told how many events are on disk now that were not before.</param>
    public Spooler(SqliteOutbox outbox, EventCounters counters, CapacityLimiter places, TimeProvider time, Action<int> written)
    {
        (_outbox, _counters, _places, _time, _written) = (outbox, counters, places, time, written);
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

    /// <summary>Writes what is there, once, and ends.</summary>
    public Task CloseAsync()
    {
        _isClosing = true;
        _wakeUp.Signal();
        return Ended;
    }

    /// <summary>Whatever came too late, or could not be written, is lost.</summary>
    public void DropLeftovers()
    {
        while (_buffer.TryDequeue(out var item))
        {
            Drop(item, DropReason.Closed);
        }
    }

    private async Task RunAsync()
    {
        var backoff = s_rest;
        while (true)
        {
            var closing = _isClosing;
            var succeeded = await WriteAllAsync().ConfigureAwait(false);
            if (closing)
            {
                break;
            }

            backoff = succeeded ? s_rest : TimeSpan.FromTicks(Math.Min(backoff.Ticks * 2, s_longestBackoff.Ticks));
            await _wakeUp.WaitAsync(backoff, _time, () => succeeded && _buffer.IsEmpty && !_isClosing).ConfigureAwait(false);
        }

        _batch.ForEach(item => Drop(item, DropReason.Closed));
        DropLeftovers();
    }

    private async ValueTask<bool> WriteAllAsync()
    {
        while (TakeBatch())
        {
            try
            {
                var head = await _outbox.AppendAsync([.. _batch.Select(static item => item.Entry).OfType<OutboxEntry>()]).ConfigureAwait(false);
                Settle(_batch.Count, head);
            }
            catch (OutboxException exception)
            {
                Settle(WrittenBefore(exception.Written), _outbox.Figures.Head);
                RefuseCalls(exception);
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds to what is left of the batch before.</summary>
    private bool TakeBatch()
    {
        while (_batch.Count < LargestBatch && _buffer.TryDequeue(out var item))
        {
            // Refused while it waited for its turn.
            if (item.Written is { Task.IsCompleted: true })
            {
                continue;
            }

            try
            {
                item.Entry = item.Event is null ? null : _json.Entry(item.Event, item.Phase);
                _batch.Add(item);
            }
            catch (Exception exception)
            {
                // An event that cannot be written as JSON, such as one with half a surrogate pair in its user's name.
                item.Written?.TrySetException(exception);
                Drop(item, DropReason.SinkFailed);
            }
        }

        return _batch.Count > 0;
    }

    private int WrittenBefore(int entries)
    {
        var count = 0;
        while (count < _batch.Count && (_batch[count].Entry is null || entries-- > 0))
        {
            count++;
        }

        return count;
    }

    private void Settle(int count, long head)
    {
        var events = 0;
        for (var i = 0; i < count; i++)
        {
            events += _batch[i].IsEvent ? 1 : 0;
            _batch[i].Written?.TrySetResult(head);
        }

        _batch.RemoveRange(0, count);
        if (events > 0)
        {
            _counters.CountSpooled(events);
            _places.Free(events);
            _written(events);
        }
    }

    private void RefuseCalls(OutboxException exception)
    {
        foreach (var item in _batch.Concat(_buffer).Where(static item => item.IsUrgent))
        {
            item.Written!.TrySetException(exception);
        }

        _batch.RemoveAll(static item => item.IsUrgent);
    }

    private void Drop(SpoolItem item, DropReason loss)
    {
        if (item.IsEvent)
        {
            _counters.CountDropped(loss, 1);
            _places.Free(1);
        }

        item.Written?.TrySetException(new OutboxException(OutboxFailure.Closed, "The outbox is closed."));
    }
}
