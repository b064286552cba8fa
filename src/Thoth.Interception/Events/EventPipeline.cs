using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>
/// A bounded queue with one reader (contract §5.6). Recording an event never waits and never throws; what cannot be queued
/// is dropped and counted.
/// </summary>
internal sealed class EventPipeline : IEventPipeline, IAsyncDisposable, IDisposable
{
    private readonly ConcurrentQueue<BehavioralEvent> _queue = new();
    private readonly ConcurrentQueue<TaskCompletionSource> _flushes = new();
    private readonly IEventSink[] _sinks;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WakeUp _wakeUp = new();
    private readonly EventCounters _counters = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Lock _closing = new();
    private readonly int _wakeAt;
    private readonly Task _reader;
    private Task? _closed;
    private long _accepted;
    private long _taken;
    private volatile bool _isClosing;
    private volatile bool _hasEnded;
    private bool _isFull;

    public EventPipeline(
        IEnumerable<IEventSink> sinks, LoggerEventSink fallback, IOptions<ThothOptions> options, TimeProvider time,
        ILogger<EventPipeline> logger)
    {
        _sinks = [.. sinks];
        if (_sinks.Length == 0)
        {
            _sinks = [fallback];
        }

        _options = options.Value.Events;

        // Waking a thread costs more than all the rest of a governed call: not for each batch, where more than one piles up
        // within the interval, but before the queue is half full.
        _wakeAt = Math.Min(_options.BatchSize * 10, (_options.QueueCapacity + 1) / 2);
        _time = time;
        _logger = new QuietLogger<EventPipeline>(logger);

        // Whoever makes the first governed call must not lend its ambient values to all events to come.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _reader = Task.Run(ReadAsync);
        }
    }

    public EventStatistics Statistics => _counters.Read(() => Interlocked.Read(ref _accepted));

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        if (_isClosing)
        {
            _counters.CountRefused(EventLoss.Closed);
            return;
        }

        var waiting = Interlocked.Increment(ref _accepted) - Volatile.Read(ref _taken);
        if (waiting > _options.QueueCapacity)
        {
            Interlocked.Decrement(ref _accepted);
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
            await _giveUp.CancelAsync().ConfigureAwait(false);
            Log.DrainTimedOut(_logger, _options.DrainTimeout, Statistics.Waiting);
        }

        DropLeftovers();
    }

    private async Task ReadAsync()
    {
        var batch = new List<BehavioralEvent>(_options.BatchSize);
        var flushes = new List<TaskCompletionSource>();
        while (!_hasEnded)
        {
            // Marks are taken before events, so that a flush covers every event that was recorded before it.
            while (_flushes.TryDequeue(out var flush))
            {
                flushes.Add(flush);
            }

            var closing = _isClosing;
            await SendAsync(batch, all: closing || flushes.Count > 0 || !_wakeUp.WasSignalled).ConfigureAwait(false);
            flushes.ForEach(static flush => flush.TrySetResult());
            flushes.Clear();
            if (closing)
            {
                _hasEnded = true;
                return;
            }

            await _wakeUp.WaitAsync(_options.FlushInterval, _time, () => _queue.IsEmpty && _flushes.IsEmpty && !_isClosing).ConfigureAwait(false);
        }
    }

    /// <summary>Sends full batches, and what is left where it has waited long enough.</summary>
    private async ValueTask SendAsync(List<BehavioralEvent> batch, bool all)
    {
        while (!_hasEnded && (all ? !_queue.IsEmpty : _queue.Count >= _options.BatchSize))
        {
            while (batch.Count < _options.BatchSize && _queue.TryDequeue(out var behavioralEvent))
            {
                batch.Add(behavioralEvent);
            }

            Volatile.Write(ref _taken, _taken + batch.Count);
            Volatile.Write(ref _isFull, false);
            await SendBatchAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    private async ValueTask SendBatchAsync(List<BehavioralEvent> batch)
    {
        var accepted = true;
        foreach (var sink in _sinks)
        {
            try
            {
                await sink.SendAsync(batch, _giveUp.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
            {
                _counters.CountDropped(EventLoss.Closed, batch.Count);
                return;
            }
            catch (Exception exception)
            {
                accepted = false;
                Log.SinkFailed(_logger, sink.GetType().Name, exception.GetType().Name, batch.Count);
                Log.SinkFailureDetail(_logger, exception);
            }
        }

        if (accepted)
        {
            _counters.CountSent(batch.Count);
        }
        else
        {
            _counters.CountDropped(EventLoss.SinkFailed, batch.Count);
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
