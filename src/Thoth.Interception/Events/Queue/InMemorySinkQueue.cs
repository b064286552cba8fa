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
    private readonly BatchSource<TEvent> _batches;
    private readonly CapacityLimiter _places;
    private readonly AsyncSignal _wakeUp = new();
    private readonly EventCounters _counters;
    private readonly BatchDelivery<TEvent> _delivery;
    private readonly Func<long> _retriedEvents;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _wakeAt;
    private readonly Lock _closing = new();
    private Task? _drained;

    /// <summary>How many waiting events wake the reader.</summary>
    private long _wakeUpAt = long.MaxValue;

    /// <param name="send">Gives the sink a batch.</param>
    /// <param name="queue">Holds the events until then.</param>
    /// <param name="name">The sink's name in metrics.</param>
    /// <param name="maxConcurrentBatches">How many batches the sink takes at a time.</param>
    /// <param name="retriedEvents">Reads how many events the sink has sent again.</param>
    /// <param name="options">How many events wait, and how long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs failures.</param>
    public InMemorySinkQueue(
        SendBatch<TEvent> send, IEventBuffer<TEvent> queue, string name, int maxConcurrentBatches, Func<long> retriedEvents,
        EventOptions options, TimeProvider time, ILogger logger)
    {
        Name = name;
        _retriedEvents = retriedEvents;
        _options = options;
        _time = time;
        _logger = logger;
        _places = new CapacityLimiter(options.QueueCapacity, time);
        _counters = new EventCounters(name);
        _batches = new BatchSource<TEvent>(queue, _places, options.BatchSize);
        _delivery = new BatchDelivery<TEvent>(send, _batches, maxConcurrentBatches, OnDeliveryEnded, name, _counters, time, logger);

        // Waking a thread costs more than all the rest of a governed call: not for each batch, where more than one piles up
        // within the interval, but before the queue is half full. As many again are a backlog that grows.
        _wakeAt = Math.Min(options.BatchSize * 10, (options.QueueCapacity + 1) / 2);

        // The first governed call makes the queue: its ambient values must not flow into the task that sends all later events.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(ReadAsync);
        }
    }

    public string Name { get; }

    public EventStatistics Statistics => _counters.Read(_retriedEvents());

    public double Fill => _places.Fill;

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        _counters.CountEnqueued();
        if (_places.TryTake(1, out var taken))
        {
            Add(behavioralEvent, waiting: taken);
        }
        else if (_places.IsClosed)
        {
            _counters.CountDropped(DropReason.Closed, 1);
        }
        else
        {
            _counters.CountDropped(DropReason.QueueFull, 1);
            if (_places.ShouldLogFull())
            {
                Log.EventsDropped(_logger, _counters.DroppedQueueFull, Name);
            }
        }
    }

    public void EnqueueReserved(BehavioralEvent behavioralEvent)
    {
        _counters.CountEnqueued();
        Add(behavioralEvent, waiting: _batches.Count + 1);
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
        var flushed = _batches.FlushAsync();
        _wakeUp.Signal();
        return flushed.WaitAsync(cancellationToken);
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
        var flushed = _batches.CloseAsync();
        _wakeUp.Signal();
        try
        {
            await flushed.WaitAsync(_options.DrainTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.DrainTimedOut(_logger, _options.DrainTimeout, Statistics.Waiting, Name);
        }

        _delivery.End();
        _wakeUp.Signal();
    }

    private void Add(BehavioralEvent behavioralEvent, long waiting)
    {
        try
        {
            _batches.Add(behavioralEvent);
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

        if (_delivery.HasEnded)
        {
            _delivery.DropLeftovers();
        }
    }

    private async Task ReadAsync()
    {
        while (!_delivery.HasEnded)
        {
            if (_places.HasWaiters || !_wakeUp.WasSignalled)
            {
                _batches.MakeDue();
            }

            while (IsDeliveryDue() && _delivery.TryStart())
            {
                // One for each batch that is due, as long as the sink has room.
            }

            // Before the last look at the queue: an event that is added after that look is compared with this number, and wakes the reader.
            Interlocked.Exchange(ref _wakeUpAt, _delivery.HasRoom ? _wakeAt * Math.Max(1, _delivery.UnderWay) : long.MaxValue);
            if (!IsDeliveryDue())
            {
                await _wakeUp.WaitAsync(_options.FlushInterval, _time, () => _batches.Count == 0).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A delivery goes on by itself, and one keeps up with a few callers. Another starts if a backlog grows or events are due.</summary>
    private bool IsDeliveryDue() =>
        _delivery.HasRoom
        && (_batches.AreDue || (!_places.IsClosed && _batches.Count >= Math.Max(_options.BatchSize, _wakeAt * _delivery.UnderWay)));

    private void OnDeliveryEnded()
    {
        // There is one delivery less, so it takes fewer events to start another.
        Volatile.Write(ref _wakeUpAt, _wakeAt);

        // The delivery found nothing to take. If events became due before it was counted as ended, the reader may have found no room
        // for another delivery: it looks again.
        if (_batches.AreDue)
        {
            _wakeUp.Signal();
        }
    }
}
