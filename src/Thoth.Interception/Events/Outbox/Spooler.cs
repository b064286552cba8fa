using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
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
    private readonly OutboxFailures _failures;
    private readonly OutboxFailures _readFailures;

    // Held to change the batch, so that each of its items is counted once: by the writer or by Abandon.
    private readonly Lock _settling = new();
    private volatile bool _isClosing;
    private volatile bool _isAbandoned;

    /// <param name="outbox">The outbox to write to.</param>
    /// <param name="counters">Counts written and dropped events.</param>
    /// <param name="capacity">Limits the events in memory; each gives its permit back here.</param>
    /// <param name="time">The clock for intervals.</param>
    /// <param name="logger">Logs failures of the outbox.</param>
    /// <param name="written">Is called with the number of events that were just committed.</param>
    public Spooler(
        IEventOutbox outbox, EventCounters counters, CapacityLimiter capacity, TimeProvider time, ILogger logger, Action<int> written)
    {
        (_outbox, _counters, _capacity, _time, _written) = (outbox, counters, capacity, time, written);
        _failures = new OutboxFailures(logger, "written");
        _readFailures = new OutboxFailures(logger, "read");
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Completes when no item is being written. This may take longer than <see cref="HasEnded"/> if the outbox hangs.</summary>
    public Task Ended { get; }

    /// <summary>Whether items that are added now must be dropped.</summary>
    public bool HasEnded => _isAbandoned || Ended.IsCompleted;

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

    /// <summary>Drops and counts all items, also those that are being written. An outbox that hangs cannot delay this.</summary>
    public void Abandon()
    {
        lock (_settling)
        {
            if (!_isAbandoned)
            {
                _isAbandoned = true;
                _batch.ForEach(item => Drop(item, DropReason.Closed));
            }
        }

        DropLeftovers();
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
        try
        {
            await WriteUntilClosedAsync().ConfigureAwait(false);
        }
        finally
        {
            Abandon();
        }
    }

    private async ValueTask WriteUntilClosedAsync()
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
    }

    private async ValueTask<bool> WriteAllAsync()
    {
        while (FillBatch())
        {
            int written;
            try
            {
                IReadOnlyList<OutboxEntry> entries = [.. _batch.Select(static item => item.Entry).OfType<OutboxEntry>()];
                written = await _outbox.AppendAsync(entries).ConfigureAwait(false);
                if (written <= 0 && entries.Count > 0)
                {
                    throw new InvalidOperationException("The event outbox committed no record. Its AppendAsync must throw if it has no room.");
                }
            }
            catch (Exception exception)
            {
                _failures.Failed(exception);

                // Marks before the first event that was not written wait for nothing more.
                Settle(0);
                RefuseCalls(exception);
                return false;
            }

            _failures.Succeeded();
            if (!Settle(written))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Adds items to those that the last attempt left.</summary>
    private bool FillBatch()
    {
        while (_batch.Count < MaxBatch && !_isAbandoned && _buffer.TryDequeue(out var item))
        {
            // The item was refused while it waited for its turn.
            if (item.Written is { Task.IsCompleted: true })
            {
                continue;
            }

            try
            {
                item.Entry = item.Event is null ? null : _writer.Write(item.Event, item.Phase);
            }
            catch (Exception exception)
            {
                item.Written?.TrySetException(exception);
                Drop(item, DropReason.SinkFailed);
                continue;
            }

            lock (_settling)
            {
                if (_isAbandoned)
                {
                    Drop(item, DropReason.Closed);
                }
                else
                {
                    _batch.Add(item);
                }
            }
        }

        return _batch.Count > 0 && !_isAbandoned;
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

    /// <summary>
    /// Counts the items up to the first record that was not written. It does not throw, since the items would be written twice.
    /// </summary>
    /// <param name="written">The number of written records.</param>
    /// <returns><see langword="false"/> if a mark is left in the buffer because the newest sequence number cannot be read.</returns>
    private bool Settle(int written)
    {
        var count = ItemsUpTo(written);
        var (events, isDone, last) = (0, true, count > 0 ? LastSequence() : null);
        lock (_settling)
        {
            if (_isAbandoned)
            {
                return true;
            }

            foreach (var item in _batch.Take(count))
            {
                events += item.IsEvent ? 1 : 0;
                if (last is null && item.IsMark)
                {
                    // A flush must not end early, so its mark waits for a later turn.
                    _buffer.Enqueue(item);
                    isDone = false;
                }
                else
                {
                    item.Written?.TrySetResult(last ?? 0);
                }
            }

            _batch.RemoveRange(0, count);
        }

        if (events > 0)
        {
            _counters.CountSpooled(events);
            _capacity.Free(events);
            _written(events);
        }

        return isDone;
    }

    private long? LastSequence()
    {
        try
        {
            var last = _outbox.LastSequence;
            _readFailures.Succeeded();
            return last;
        }
        catch (Exception exception)
        {
            _readFailures.Failed(exception);
            return null;
        }
    }

    private void RefuseCalls(Exception exception)
    {
        foreach (var item in _batch.Concat(_buffer).Where(static item => item.IsUrgent))
        {
            item.Written!.TrySetException(exception);
        }

        lock (_settling)
        {
            _batch.RemoveAll(static item => item.IsUrgent);
        }
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
