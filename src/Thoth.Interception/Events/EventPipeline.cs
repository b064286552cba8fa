using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>
/// A bounded queue with one reader, which has several batches under way where its sinks take them (contract §5.6). Recording
/// an event never waits and never throws; what cannot be queued is dropped and counted.
/// </summary>
internal sealed class EventPipeline : IEventPipeline, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentQueue<BehavioralEvent> _queue = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _flushes = new();
    private readonly BatchDelivery _delivery;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WakeUp _wakeUp = new();
    private readonly EventCounters _counters;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Lock _closing = new();
    private readonly int _wakeAt;
    private readonly Task _reader;
    private Task? _closed;
    private LoneCounter _accepted;
    private LoneCounter _taken;
    private volatile bool _isClosing;
    private volatile bool _hasEnded;
    private bool _isFull;
    private List<BehavioralEvent>? _emptyBatch;

    public EventPipeline(
        IEnumerable<IEventSink> sinks, EventCounters counters, IOptions<ThothOptions> options, TimeProvider time,
        ILogger<EventPipeline> logger)
    {
        _options = options.Value.Events;
        _counters = counters;

        // Waking a thread costs more than all the rest of a governed call: not for each batch, where more than one piles up
        // within the interval, but before the queue is half full.
        _wakeAt = Math.Min(_options.BatchSize * 10, (_options.QueueCapacity + 1) / 2);
        _time = time;
        _logger = new QuietLogger<EventPipeline>(logger);
        _delivery = new BatchDelivery(sinks, counters, _logger, _giveUp.Token);

        // Whoever makes the first governed call must not lend its ambient values to all events to come.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _reader = Task.Run(ReadAsync);
        }
    }

    public EventStatistics Statistics => _counters.Read(() => Interlocked.Read(ref _accepted.Value));

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        if (_isClosing)
        {
            _counters.CountRefused(EventLoss.Closed);
            return;
        }

        var waiting = Interlocked.Increment(ref _accepted.Value) - Volatile.Read(ref _taken.Value);
        if (waiting > _options.QueueCapacity)
        {
            Interlocked.Decrement(ref _accepted.Value);
            DropFromFullQueue();
            return;
        }

        _queue.Enqueue(behavioralEvent);
        if (waiting == _wakeAt || _wakeUp.IsAsleep)
        {
            _wakeUp.Signal();
        }

        if (_hasEnded)
        {
            DropLeftovers();
        }
    }

    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Enqueue(flushed);
        _wakeUp.Signal();

        // A reader that has ended leaves the mark unread: what it could not deliver is counted as dropped.
        return Task.WhenAny(flushed.Task, _reader).WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => new(CloseAsync());

    public void Dispose() => SynchronousWait.For(
        static async pipeline =>
        {
            await pipeline.CloseAsync().ConfigureAwait(false);
            return true;
        },
        this);

    private Task CloseAsync()
    {
        lock (_closing)
        {
            return _closed ??= DrainAsync();
        }
    }

    private async Task DrainAsync()
    {
        _isClosing = true;
        _wakeUp.Signal();
        try
        {
            await _reader.WaitAsync(_options.DrainTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _hasEnded = true;
            Log.DrainTimedOut(_logger, _options.DrainTimeout, Statistics.Waiting);
            await _giveUp.CancelAsync().ConfigureAwait(false);

            // Only a sink that blocks its thread keeps the reader from counting what is lost; it is left behind.
            await Task.WhenAny(_reader, Task.Delay(s_grace, TimeProvider.System)).ConfigureAwait(false);
        }

        DropLeftovers();
    }

    private async Task ReadAsync()
    {
        var flushes = new List<TaskCompletionSource>();
        while (!_hasEnded)
        {
            // Marks are taken before events, so that a flush covers every event that was recorded before it.
            while (_flushes.TryDequeue(out var flush))
            {
                flushes.Add(flush);
            }

            var closing = _isClosing;
            await SendAsync(all: closing || flushes.Count > 0 || !_wakeUp.WasSignalled).ConfigureAwait(false);
            CompleteWhenFinished(flushes);
            if (closing)
            {
                break;
            }

            if (_queue.Count < _options.BatchSize)
            {
                await _wakeUp.WaitAsync(_options.FlushInterval, _time, () => _queue.IsEmpty && _flushes.IsEmpty && !_isClosing).ConfigureAwait(false);
            }
        }

        await _delivery.Finished.ConfigureAwait(false);
        _hasEnded = true;
    }

    /// <summary>Starts full batches on their way, and what is left where it has waited long enough.</summary>
    private async ValueTask SendAsync(bool all)
    {
        // What is recorded from now on must not keep a flush from its end, nor a backlog a flush from its beginning.
        var end = Interlocked.Read(ref _accepted.Value);
        while (!_hasEnded && (all ? _taken.Value < end && !_queue.IsEmpty : _queue.Count >= _options.BatchSize && _flushes.IsEmpty && !_isClosing))
        {
            // Events stay in the queue, and count against its capacity, until every sink has room for them.
            if (!await _delivery.HasRoomAsync().ConfigureAwait(false))
            {
                return;
            }

            var batch = TakeBatch();
            if (_delivery.Start(batch))
            {
                batch.Clear();
                _emptyBatch = batch;
            }
        }
    }

    private List<BehavioralEvent> TakeBatch()
    {
        var batch = _emptyBatch ?? new List<BehavioralEvent>(_options.BatchSize);
        _emptyBatch = null;
        while (batch.Count < _options.BatchSize && _queue.TryDequeue(out var behavioralEvent))
        {
            batch.Add(behavioralEvent);
        }

        Volatile.Write(ref _taken.Value, _taken.Value + batch.Count);
        Volatile.Write(ref _isFull, false);
        return batch;
    }

    /// <summary>A flush ends with the last batch that is under way now; the reader goes on meanwhile.</summary>
    private void CompleteWhenFinished(List<TaskCompletionSource> flushes)
    {
        if (flushes.Count == 0)
        {
            return;
        }

        _ = CompleteAsync([.. flushes], _delivery.Finished);
        flushes.Clear();

        static async Task CompleteAsync(TaskCompletionSource[] flushes, Task finished)
        {
            await finished.ConfigureAwait(false);
            Array.ForEach(flushes, static flush => flush.TrySetResult());
        }
    }

    private void DropFromFullQueue()
    {
        _counters.CountRefused(EventLoss.QueueFull);

        // Once per burst: a log line for every lost event would be the next outage.
        if (!Interlocked.Exchange(ref _isFull, true))
        {
            Log.EventsDropped(_logger, Statistics.DroppedQueueFull);
        }
    }

    private void DropLeftovers()
    {
        while (_queue.TryDequeue(out _))
        {
            _counters.CountDropped(EventLoss.Closed, 1);
        }
    }
}
