using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Events.Queue;

/// <summary>
/// A bounded queue in memory with one reader, which has several batches under way where its sink takes them (contract §5.6).
/// </summary>
/// <typeparam name="TEvent">The form in which events wait.</typeparam>
internal sealed class InMemorySinkQueue<TEvent> : ISinkQueue
{
    private readonly IEventBuffer<TEvent> _queue;
    private readonly ConcurrentQueue<TaskCompletionSource> _flushes = new();
    private readonly CapacityLimiter _places;
    private readonly AsyncSignal _wakeUp = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _closing = new();

    /// <summary>Held by whoever takes events, never by whoever adds one.</summary>
    private readonly Lock _taking = new();

    private readonly EventCounters _counters;
    private readonly BatchDelivery<TEvent> _delivery;
    private readonly IEventSink _sink;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _wakeAt;
    private readonly Task _reader;
    private Task? _drained;
    private volatile bool _isClosing;
    private volatile bool _hasEnded;

    /// <summary>How many of the oldest events go out now, even where they do not fill a batch.</summary>
    private int _due;

    /// <summary>How many waiting events wake the reader.</summary>
    private long _wakeUpAt = long.MaxValue;

    /// <summary>A flush waits until what is due is under way: nothing else goes out before.</summary>
    private volatile bool _isFlushing;

    /// <summary>How many flushes have seen what they wait for go out. A delivery that was under way at one of them takes up no further batch.</summary>
    private volatile int _flushed;

    /// <param name="sink">The sink: how many batches it takes, and what it says of itself.</param>
    /// <param name="send">Gives it a batch.</param>
    /// <param name="queue">Holds its events until then.</param>
    /// <param name="name">Its name in figures.</param>
    /// <param name="options">How many events wait, and how long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told of failures.</param>
    public InMemorySinkQueue(
        IEventSink sink, SendBatch<TEvent> send, IEventBuffer<TEvent> queue, string name, EventOptions options, TimeProvider time, ILogger logger)
    {
        Name = name;
        _queue = queue;
        _sink = sink;
        _options = options;
        _time = time;
        _logger = logger;
        _places = new CapacityLimiter(options.QueueCapacity, time);
        _counters = new EventCounters(name);
        _delivery = new BatchDelivery<TEvent>(send, TryTakeNext, sink.MaxConcurrentBatches, name, _counters, time, logger);

        // Waking a thread costs more than all the rest of a governed call: not for each batch, where more than one piles up
        // within the interval, but before the queue is half full. As many again are a backlog that grows.
        _wakeAt = Math.Min(options.BatchSize * 10, (options.QueueCapacity + 1) / 2);

        // Whoever makes the first governed call must not lend its ambient values to all events to come.
        using (ExecutionContext.SuppressFlow())
        {
            _reader = Task.Run(ReadAsync);
        }
    }

    public string Name { get; }

    public EventStatistics Statistics => _counters.Read(Retried);

    public double Fill => _places.Fill;

    /// <summary>A sink's own member: its failure is its own.</summary>
    private long Retried
    {
        get
        {
            try
            {
                return _sink.RetriedEvents;
            }
            catch (Exception)
            {
                return 0;
            }
        }
    }

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        _counters.CountEnqueued();
        if (_places.TryTake(1, out var taken))
        {
            Add(behavioralEvent, waiting: taken);
        }
        else if (_isClosing)
        {
            _counters.CountDropped(DropReason.Closed, 1);
        }
        else
        {
            _counters.CountDropped(DropReason.QueueFull, 1);
            if (_places.TellsFull())
            {
                Log.EventsDropped(_logger, _counters.DroppedQueueFull, Name);
            }
        }
    }

    public void EnqueueReserved(BehavioralEvent behavioralEvent)
    {
        _counters.CountEnqueued();
        Add(behavioralEvent, waiting: _queue.Count + 1);
    }

    public bool TryReserve(int places) => _places.TryTake(places);

    public ValueTask<bool> ReserveAsync(int places, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var reservation = _places.TakeAsync(places, timeout, cancellationToken);
        if (!reservation.IsCompleted)
        {
            // The reader sends what there is where somebody waits for room.
            _wakeUp.Signal();
        }

        return reservation;
    }

    public void Release(int places) => _places.Free(places);

    public Task FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Enqueue(flushed);
        _wakeUp.Signal();

        // A queue that has ended leaves the mark unread: what it could not deliver is counted as dropped.
        return Task.WhenAny(flushed.Task, _ended.Task).WaitAsync(cancellationToken);
    }

    public Task DrainAsync()
    {
        lock (_closing)
        {
            return _drained ??= CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        _isClosing = true;
        _places.Close();
        _wakeUp.Signal();
        try
        {
            await _reader.WaitAsync(_options.DrainTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _hasEnded = true;
            Log.DrainTimedOut(_logger, _options.DrainTimeout, Statistics.Waiting, Name);
            _delivery.GiveUp();
        }

        DropLeftovers();
        _ended.TrySetResult();
    }

    private void Add(BehavioralEvent behavioralEvent, long waiting)
    {
        try
        {
            _queue.Add(behavioralEvent);
        }
        catch (Exception exception)
        {
            // The call goes on: what cannot be kept of it is counted.
            Log.SinkFailureDetail(_logger, exception);
            _places.Free(1);
            _counters.CountDropped(DropReason.SinkFailed, 1);
            return;
        }

        if (_wakeUp.IsAsleep || (waiting >= Volatile.Read(ref _wakeUpAt) && Interlocked.Exchange(ref _wakeUpAt, long.MaxValue) < long.MaxValue))
        {
            _wakeUp.Signal();
        }

        if (_hasEnded)
        {
            DropLeftovers();
        }
    }

    private void DropLeftovers()
    {
        var leftovers = new List<TEvent>(_options.BatchSize);
        do
        {
            leftovers.Clear();
            _queue.Take(leftovers, _options.BatchSize);
            if (leftovers.Count > 0)
            {
                _places.Free(leftovers.Count);
                _counters.CountDropped(DropReason.Closed, leftovers.Count);
            }
        }
        while (leftovers.Count > 0);
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
            _isFlushing = closing || flushes.Count > 0;
            await SendAsync(all: _isFlushing || _places.AreAwaited || !_wakeUp.WasSignalled).ConfigureAwait(false);
            CompleteWhenFinished(flushes);
            if (closing)
            {
                break;
            }

            // Before the last look: whoever adds an event after it sees when to wake the reader.
            Interlocked.Exchange(ref _wakeUpAt, _delivery.HasRoom ? _wakeAt * Math.Max(1, _delivery.UnderWay) : long.MaxValue);
            if (!IsDeliveryDue())
            {
                await _wakeUp.WaitAsync(_options.FlushInterval, _time, () => _queue.Count == 0 && _flushes.IsEmpty && !_isClosing).ConfigureAwait(false);
            }
        }

        await _delivery.Finished.ConfigureAwait(false);
        _hasEnded = true;
    }

    /// <summary>Starts full batches on their way, and what is left where it has waited long enough.</summary>
    private async ValueTask SendAsync(bool all)
    {
        // What is recorded from now on must not keep a flush from its end, nor a backlog a flush from its beginning.
        lock (_taking)
        {
            _due = all ? _queue.Count : 0;
        }

        while (IsDeliveryDue())
        {
            // Events stay in the queue, and count against its capacity, until the sink has room for them.
            if (!await _delivery.HasRoomAsync().ConfigureAwait(false))
            {
                return;
            }

            var batch = new List<TEvent>(_options.BatchSize);
            if (TryTake(batch))
            {
                _delivery.Start(batch, _flushed, another: _queue.Count >= _options.BatchSize);
            }
        }
    }

    /// <summary>A delivery goes on by itself, and one keeps up with a few callers: another where a backlog grows all the same, or all is to go out.</summary>
    private bool IsDeliveryDue() =>
        IsBatchDue()
        && (Volatile.Read(ref _due) > 0 || (_delivery.HasRoom && _queue.Count >= _wakeAt * _delivery.UnderWay));

    private bool IsBatchDue() =>
        !_hasEnded
        && (Volatile.Read(ref _due) > 0
            || (_queue.Count >= _options.BatchSize && !_isFlushing && _flushes.IsEmpty && !_isClosing));

    /// <summary>For a delivery that has room for another batch.</summary>
    private bool TryTakeNext(List<TEvent> batch, int flushed)
    {
        if (flushed != _flushed)
        {
            // The reader starts another one in its place, where there is something to send.
            _wakeUp.Signal();
            return false;
        }

        if (TryTake(batch))
        {
            return true;
        }

        // There is one delivery less, so it takes fewer events to start another.
        Volatile.Write(ref _wakeUpAt, _wakeAt);
        return false;
    }

    private bool TryTake(List<TEvent> batch)
    {
        // At once, or the reader could count as due what has just been taken.
        lock (_taking)
        {
            if (!IsBatchDue())
            {
                return false;
            }

            _queue.Take(batch, _options.BatchSize);
            _due = batch.Count == 0 ? 0 : Math.Max(0, _due - batch.Count);
        }

        _places.Free(batch.Count);
        return batch.Count > 0;
    }

    /// <summary>A flush ends with the last batch that is under way now; the reader goes on meanwhile.</summary>
    private void CompleteWhenFinished(List<TaskCompletionSource> flushes)
    {
        if (flushes.Count == 0)
        {
            return;
        }

        _flushed++;
        _isFlushing = false;
        _ = CompleteAsync([.. flushes], _delivery.Finished);
        flushes.Clear();

        static async Task CompleteAsync(TaskCompletionSource[] flushes, Task finished)
        {
            await finished.ConfigureAwait(false);
            Array.ForEach(flushes, static flush => flush.TrySetResult());
        }
    }
}
