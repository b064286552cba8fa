using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Sqlite.Delivery;

/// <summary>
/// Sends what is in the outbox to the API and marks it as sent, several batches at a time where many events wait; what an earlier
/// process left comes first, one batch after the other.
/// </summary>
internal sealed class Forwarder
{
    private readonly SqliteOutbox _outbox;
    private readonly OutboxDelivery _delivery;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly AsyncSignal _wakeUp = new();
    private readonly FlushTracker _flushes = new();
    private readonly SemaphoreSlim _room;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Task> _underWay = [];
    private long _cursor;
    private long _leftBehind;
    private int _unread;

    public Forwarder(SqliteOutbox outbox, HttpEventSink sink, string name, EventCounters counters, EventOptions options, TimeProvider time)
    {
        (_outbox, _options, _time) = (outbox, options, time);
        _delivery = new OutboxDelivery(outbox, sink, name, counters, time, _closing.Token, _giveUp.Token);
        _room = new SemaphoreSlim(options.MaxConcurrentBatches);
        Ended = Task.Run(RunAsync);
    }

    public Task Ended { get; }

    /// <summary>Events have come to be on disk.</summary>
    public void Notify(int events)
    {
        if (Interlocked.Add(ref _unread, events) >= _options.BatchSize || _wakeUp.IsAsleep)
        {
            _wakeUp.Signal();
        }
    }

    /// <summary>Completes when nothing up to this record waits any more.</summary>
    public Task FlushAsync(long sequence)
    {
        var flushed = _flushes.Add(sequence);
        _wakeUp.Signal();
        return flushed;
    }

    /// <summary>Sends what is there while the API takes it, and ends: the rest is safe where it is.</summary>
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
            var isOld = _cursor < LeftBehind;
            try
            {
                await SendAsync(all: closing || isOld || _flushes.AreWaiting || !_wakeUp.WasSignalled).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OutboxException or OperationCanceledException)
            {
                // The outbox tells its log what is wrong. Either it can be read later, or everything ends.
            }

            if (closing)
            {
                break;
            }

            await _wakeUp.WaitAsync(
                _options.FlushInterval, _time,
                () => _outbox.Figures.WasOpened && Volatile.Read(ref _unread) == 0 && !_flushes.AreWaiting && !_closing.IsCancellationRequested)
                .ConfigureAwait(false);
        }

        await Task.WhenAll(_underWay).ConfigureAwait(false);
    }

    private long LeftBehind => _leftBehind > 0 ? _leftBehind : _leftBehind = _outbox.Figures.FoundUpTo;

    private async ValueTask SendAsync(bool all)
    {
        while (!_giveUp.IsCancellationRequested && !(_closing.IsCancellationRequested && _delivery.IsFailing))
        {
            await _room.WaitAsync(_giveUp.Token).ConfigureAwait(false);
            var batch = await NextBatchAsync(all).ConfigureAwait(false);
            if (batch.Count == 0)
            {
                _room.Release();
                return;
            }

            var delivery = DeliverAsync(batch);
            _underWay.RemoveAll(static task => task.IsCompleted);
            _underWay.Add(delivery);
            if (batch[0].Sequence <= LeftBehind)
            {
                // One that ends with events of this process too, or a later batch could overtake what was left.
                await delivery.ConfigureAwait(false);
            }
        }
    }

    /// <summary>What is read is under way before the place of reading moves on, so that a flush misses nothing.</summary>
    private async ValueTask<IReadOnlyList<WaitingEvent>> NextBatchAsync(bool all)
    {
        var unread = Interlocked.Exchange(ref _unread, 0);
        try
        {
            var end = _flushes.Last;
            var batch = await _outbox.ReadWaitingAsync(_cursor, _options.BatchSize).ConfigureAwait(false);
            if (batch.Count == _options.BatchSize || (all && batch.Count > 0))
            {
                _cursor = batch[^1].Sequence;
                _flushes.Start(batch[0].Sequence, batch.Count < _options.BatchSize ? Math.Max(_cursor, end) : _cursor);
                Interlocked.Add(ref _unread, Math.Max(0, unread - batch.Count));
                return batch;
            }

            if (batch.Count == 0)
            {
                _cursor = Math.Max(_cursor, LeftBehind);
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
            _room.Release();
            Interlocked.Add(ref _unread, Math.Max(1, unread));
            throw;
        }
    }

    private async Task DeliverAsync(IReadOnlyList<WaitingEvent> batch)
    {
        try
        {
            await _delivery.DeliverAsync(batch).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Given up on: the events stay on disk.
        }
        finally
        {
            _flushes.End(batch[0].Sequence);
            _room.Release();
        }
    }
}
