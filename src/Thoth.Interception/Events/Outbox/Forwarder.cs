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
    private long _cursor;
    private long _recoveredUpTo;
    private int _unread;

    public Forwarder(IEventOutbox outbox, HttpEventSink sink, string name, EventCounters counters, EventOptions options, TimeProvider time)
    {
        (_outbox, _options, _time) = (outbox, options, time);
        _delivery = new OutboxDelivery(outbox, sink, name, counters, time, _closing.Token, _giveUp.Token);
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
    public async Task CloseAsync(TimeSpan timeout)
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        _wakeUp.Signal();
        try
        {
            await Ended.WaitAsync(timeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _giveUp.CancelAsync().ConfigureAwait(false);
            await Ended.ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            var closing = _closing.IsCancellationRequested;
            var isRecovered = _cursor < RecoveredUpTo;
            try
            {
                await SendAsync(all: closing || isRecovered || _flushes.AreWaiting || !_wakeUp.WasSignalled).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The outbox cannot be read, which it logs itself, and is read again later; or delivery was given up.
            }

            if (closing)
            {
                break;
            }

            await _wakeUp.WaitAsync(
                _options.FlushInterval, _time,
                () => _outbox.RecoveredEvents is not null && Volatile.Read(ref _unread) == 0 && !_flushes.AreWaiting && !_closing.IsCancellationRequested)
                .ConfigureAwait(false);
        }

        await Task.WhenAll(_underWay).ConfigureAwait(false);
    }

    private long RecoveredUpTo => _recoveredUpTo > 0 ? _recoveredUpTo : _recoveredUpTo = _outbox.RecoveredUpTo;

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
            if (batch[0].Sequence <= RecoveredUpTo)
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
            var batch = await _outbox.ReadPendingAsync(_cursor, _options.BatchSize).ConfigureAwait(false);
            if (batch.Count == _options.BatchSize || (all && batch.Count > 0))
            {
                _cursor = batch[^1].Sequence;
                _flushes.Start(batch[0].Sequence, batch.Count < _options.BatchSize ? Math.Max(_cursor, end) : _cursor);
                Interlocked.Add(ref _unread, Math.Max(0, unread - batch.Count));
                return batch;
            }

            if (batch.Count == 0)
            {
                _cursor = Math.Max(_cursor, RecoveredUpTo);
                _flushes.ReadTo(end);
            }
            else
            {
                Interlocked.Add(ref _unread, batch.Count);
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
