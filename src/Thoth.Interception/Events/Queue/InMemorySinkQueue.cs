using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Events.Queue;

/// <summary>
/// A bounded queue in memory with one reader, which sends several batches at a time if its sink takes them (contract §5.6).
/// </summary>
/// <typeparam name="TEvent">The form in which events wait.</typeparam>
internal sealed class InMemorySinkQueue<TEvent> : ISinkQueue
{
    private readonly BatchSource<TEvent> _batches;
    private readonly CapacityLimiter _capacity;
    private readonly AsyncSignal _wakeUp = new();
    private readonly EventCounters _counters;
    private readonly BatchDelivery<TEvent> _delivery;
    private readonly Func<long> _retriedEvents;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _wakeAt;
    private readonly bool _skipsLocalEvents;
    private readonly Lock _closing = new();
    private Task? _drained;

    /// <summary>The number of waiting events that wakes the reader.</summary>
    private long _wakeUpAt = long.MaxValue;

    /// <param name="send">Sends a batch to the sink.</param>
    /// <param name="buffer">Holds the events until they are sent.</param>
    /// <param name="name">The sink's name in metrics.</param>
    /// <param name="maxConcurrentBatches">The number of batches that the sink takes at a time.</param>
    /// <param name="retriedEvents">Reads the number of events that the sink has sent again.</param>
    /// <param name="options">Capacity, batch size and intervals.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs failures.</param>
    /// <param name="skipsLocalEvents">Whether events that are not sent to the Thoth API are left out.</param>
    public InMemorySinkQueue(
        SendBatch<TEvent> send, IEventBuffer<TEvent> buffer, string name, int maxConcurrentBatches, Func<long> retriedEvents,
        EventOptions options, TimeProvider time, ILogger logger, bool skipsLocalEvents = false)
    {
        Name = name;
        _retriedEvents = retriedEvents;
        _options = options;
        _time = time;
        _logger = logger;
        _skipsLocalEvents = skipsLocalEvents;
        _capacity = new CapacityLimiter(options.QueueCapacity, time);
        _counters = new EventCounters(name);
        _batches = new BatchSource<TEvent>(buffer, _capacity, options.BatchSize);
        _delivery = new BatchDelivery<TEvent>(send, _batches, maxConcurrentBatches, OnDeliveryEnded, name, _counters, time, logger);

        // Waking a thread costs more than the rest of a governed call. So the reader is woken for ten batches, or before the queue is
        // half full. As many events again mean that the backlog grows.
        _wakeAt = Math.Min(options.BatchSize * 10, (options.QueueCapacity + 1) / 2);

        // The first governed call creates the queue; its ambient values must not flow into the task that sends all later events.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(ReadAsync);
        }
    }

    public string Name { get; }

    public EventStatistics Statistics => _counters.Read(_retriedEvents());

    public double Fill => _capacity.Fill;

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        if (_skipsLocalEvents && behavioralEvent.IsLocal)
        {
            return;
        }

        _counters.CountEnqueued();
        if (_capacity.TryTake(1, out var taken))
        {
            Add(behavioralEvent, waiting: taken);
        }
        else if (_capacity.IsClosed)
        {
            _counters.CountDropped(DropReason.Closed, 1);
        }
        else
        {
            _counters.CountDropped(DropReason.QueueFull, 1);
            if (_capacity.ShouldLogFull())
            {
                Log.EventsDropped(_logger, _counters.DroppedQueueFull, Name);
            }
        }
    }

    public void EnqueueReserved(BehavioralEvent behavioralEvent)
    {
        if (_skipsLocalEvents && behavioralEvent.IsLocal)
        {
            Release(1);
            return;
        }

        _counters.CountEnqueued();
        Add(behavioralEvent, waiting: _batches.Count + 1);
    }

    public bool TryReserve(int places) => _capacity.TryTake(places);

    public ValueTask<bool> ReserveAsync(int places, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var reservation = _capacity.TakeAsync(places, timeout, cancellationToken);
        if (!reservation.IsCompleted)
        {
            // The reader sends the waiting events, so that this call gets its permits.
            _wakeUp.Signal();
        }

        return reservation;
    }

    public void Release(int places) => _capacity.Free(places);

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
            // The call continues; the event that could not be stored is counted.
            Log.SinkFailureDetail(_logger, exception);
            _capacity.Free(1);
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
            if (_capacity.HasWaiters || !_wakeUp.WasSignalled)
            {
                _batches.MakeDue();
            }

            while (IsDeliveryDue() && _delivery.TryStart())
            {
                // One delivery for each batch that is due, up to the limit of the sink.
            }

            // Set before the check below: an event that is added after that check is compared with this number and wakes the reader.
            Interlocked.Exchange(ref _wakeUpAt, _delivery.HasRoom ? _wakeAt * Math.Max(1, _delivery.UnderWay) : long.MaxValue);
            if (!IsDeliveryDue())
            {
                await _wakeUp.WaitAsync(_options.FlushInterval, _time, () => _batches.Count == 0).ConfigureAwait(false);
            }
        }
    }

    /// <summary>One delivery keeps up with a few callers. Another one starts if the backlog grows or events are due.</summary>
    private bool IsDeliveryDue() =>
        _delivery.HasRoom
        && (_batches.AreDue || (!_capacity.IsClosed && _batches.Count >= Math.Max(_options.BatchSize, _wakeAt * _delivery.UnderWay)));

    private void OnDeliveryEnded()
    {
        // One delivery fewer is running, so fewer events start another one.
        Interlocked.Exchange(ref _wakeUpAt, _wakeAt);

        // The delivery found no batch. Events may have become due, or many may have come, before it was counted as ended, when the
        // reader could not start another delivery. So the reader checks again.
        if (_batches.AreDue || _batches.Count >= _wakeAt)
        {
            _wakeUp.Signal();
        }
    }
}
