using Microsoft.Extensions.Logging;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Events.Outbox;

/// <summary>
/// Sends the events of the outbox to the API, several batches at a time if many events wait. Events of an earlier process come
/// first, one batch after the other.
/// </summary>
internal sealed class Forwarder
{
    private readonly IEventOutbox _outbox;
    private readonly OutboxDelivery _delivery;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly AsyncSignal _wakeUp = new();
    private readonly FlushTracker _flushes = new();
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Task> _underWay = [];
    private readonly OutboxFailures _failures;
    private long _cursor;
    private long _recoveredUpTo;
    private bool _isOpen;
    private int _unread;

    public Forwarder(
        IEventOutbox outbox, HttpEventSink sink, string name, EventCounters counters, EventOptions options, TimeProvider time, ILogger logger)
    {
        (_outbox, _options, _time) = (outbox, options, time);
        _delivery = new OutboxDelivery(outbox, sink, name, counters, time, logger, _closing.Token, _giveUp.Token);
        _failures = new OutboxFailures(logger, "read");
        _slots = new SemaphoreSlim(options.MaxConcurrentBatches);
        Ended = Task.Run(RunAsync);
    }

    public Task Ended { get; }

    /// <summary>Events were committed.</summary>
    /// <param name="events">The number of events.</param>
    public void Notify(int events)
    {
        if (Interlocked.Add(ref _unread, events) >= _options.BatchSize || _wakeUp.IsAsleep)
        {
            _wakeUp.Signal();
        }
    }

    /// <summary>Completes when no event up to a sequence number waits or is under way.</summary>
    public Task FlushAsync(long sequence)
    {
        var flushed = _flushes.Add(sequence);
        _wakeUp.Signal();
        return flushed;
    }

    /// <summary>Sends the waiting events as long as the API accepts them, and ends. The rest stays in the outbox.</summary>
    /// <param name="timeout">How long to send.</param>
    public async Task CloseAsync(TimeSpan timeout)
    {
        // Not awaited, here and below: closing must not wait for the callbacks of an HTTP handler.
        _ = _closing.CancelAsync();
        _wakeUp.Signal();
        try
        {
            await Ended.WaitAsync(timeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            GiveUp();
            await Ended.ConfigureAwait(false);
        }
    }

    /// <summary>Ends as soon as the calls of the outbox that are under way return.</summary>
    public void GiveUp()
    {
        _ = _closing.CancelAsync();
        _ = _giveUp.CancelAsync();
        _wakeUp.Signal();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            var closing = _closing.IsCancellationRequested;
            try
            {
                var isRecovered = _cursor < RecoveredUpTo();
                await SendAsync(all: closing || isRecovered || _flushes.AreWaiting || !_wakeUp.WasSignalled).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
            {
                // Delivery was given up: the events stay in the outbox.
            }
            catch (Exception exception)
            {
                // The outbox is read again later.
                _failures.Failed(exception);
            }

            if (closing)
            {
                break;
            }

            await _wakeUp.WaitAsync(
                _options.FlushInterval, _time,
                () => _isOpen && _cursor >= _recoveredUpTo && Volatile.Read(ref _unread) == 0 && !_flushes.AreWaiting && !_closing.IsCancellationRequested)
                .ConfigureAwait(false);
        }

        await Task.WhenAll(_underWay).ConfigureAwait(false);
    }

    /// <summary>Reads the newest record of an earlier process; 0 until the outbox has opened its store.</summary>
    private long RecoveredUpTo()
    {
        if (!_isOpen && _outbox.RecoveredEvents is not null)
        {
            _recoveredUpTo = _outbox.RecoveredUpTo;
            _isOpen = true;
        }

        return _recoveredUpTo;
    }

    private async ValueTask SendAsync(bool all)
    {
        while (!_giveUp.IsCancellationRequested && !(_closing.IsCancellationRequested && _delivery.IsFailing))
        {
            await _slots.WaitAsync(_giveUp.Token).ConfigureAwait(false);
            var batch = await NextBatchAsync(all).ConfigureAwait(false);
            if (batch.Count == 0)
            {
                _slots.Release();
                return;
            }

            var delivery = DeliverAsync(batch);
            _underWay.RemoveAll(static task => task.IsCompleted);
            _underWay.Add(delivery);
            if (batch[0].Sequence <= _recoveredUpTo)
            {
                // Also a batch that ends with events of this process: a later batch could overtake the recovered events in it.
                await delivery.ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads the next batch. It counts as under way before the position moves on, so that a flush does not miss it.</summary>
    private async ValueTask<IReadOnlyList<PendingEvent>> NextBatchAsync(bool all)
    {
        var unread = Interlocked.Exchange(ref _unread, 0);
        try
        {
            var end = _flushes.Last;
            var wasOpen = _isOpen;
            var batch = InOrder(await _outbox.ReadPendingAsync(_cursor, _options.BatchSize).ConfigureAwait(false));
            RecoveredUpTo();
            _failures.Succeeded();
            if (batch.Count >= _options.BatchSize || (all && batch.Count > 0))
            {
                _cursor = batch[^1].Sequence;
                _flushes.Start(batch[0].Sequence, batch.Count < _options.BatchSize ? Math.Max(_cursor, end) : _cursor);
                Interlocked.Add(ref _unread, Math.Max(0, unread - batch.Count));
                return batch;
            }

            if (batch.Count == 0)
            {
                if (wasOpen)
                {
                    // Every recovered event is read, whatever number the outbox gave.
                    _recoveredUpTo = Math.Min(_recoveredUpTo, _cursor);
                }

                _flushes.ReadTo(end);
            }
            else if (Interlocked.Add(ref _unread, batch.Count) >= _options.BatchSize)
            {
                // Events that were committed during the read did not reach the number that wakes this task.
                _wakeUp.Signal();
            }

            return [];
        }
        catch
        {
            _slots.Release();
            Interlocked.Add(ref _unread, Math.Max(1, unread));
            throw;
        }
    }

    /// <summary>Limits the batch to its size, and refuses events that were read before: they would be sent again without end.</summary>
    private IReadOnlyList<PendingEvent> InOrder(IReadOnlyList<PendingEvent> batch)
    {
        var last = _cursor;
        foreach (var pending in batch)
        {
            if (pending.Sequence <= last)
            {
                throw new InvalidOperationException(
                    "The event outbox read events out of order. Its ReadPendingAsync must return ascending numbers after the given one.");
            }

            last = pending.Sequence;
        }

        return batch.Count > _options.BatchSize ? [.. batch.Take(_options.BatchSize)] : batch;
    }

    private async Task DeliverAsync(IReadOnlyList<PendingEvent> batch)
    {
        try
        {
            await _delivery.DeliverAsync(batch).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Delivery was given up: the events stay in the outbox.
        }
        finally
        {
            _flushes.End(batch[0].Sequence);
            _slots.Release();
        }
    }
}
