using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Events.Outbox;

/// <summary>
/// Queues events for the Thoth API in an outbox: events are committed before they are sent, and marked when the API has accepted
/// them. Events that cannot be committed wait in memory, up to the queue's capacity.
/// </summary>
internal sealed class OutboxSinkQueue : ISinkQueue
{
    private static readonly object s_refused = new();

    private readonly IEventOutbox _outbox;
    private readonly HttpEventSink _sink;
    private readonly EventCounters _counters;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly CapacityLimiter _capacity;
    private readonly Spooler _spooler;
    private readonly Forwarder _forwarder;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // First events of calls that were dropped: their calls have no evidence and are refused.
    private readonly ConditionalWeakTable<BehavioralEvent, object> _refused = [];
    private Task? _drained;
    private long _countedLost;
    private long _countedDropped;
    private bool _countedRecovered;
    private volatile bool _isClosing;

    public OutboxSinkQueue(
        IEventOutbox outbox, HttpEventSink sink, string name, EventOptions options, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        (_outbox, _sink, _options, _time, Name) = (outbox, sink, options, time, name);
        SecuresCalls = outbox.CommitsBeforeExecution;
        _counters = new EventCounters(name);
        _capacity = new CapacityLimiter(options.QueueCapacity, time);
        CountOutbox();

        // The first governed call makes the queue: its ambient values must not flow into the tasks that send all later events.
        using (ExecutionContext.SuppressFlow())
        {
            _forwarder = new Forwarder(outbox, sink, name, _counters, options, time);
            _spooler = new Spooler(outbox, _counters, _capacity, time, _forwarder.Notify);
        }
    }

    public string Name { get; }

    public bool SecuresCalls { get; }

    public double Fill => _capacity.Fill;

    public bool IsWritable => _outbox.IsWritable;

    public EventStatistics Statistics
    {
        get
        {
            CountOutbox();
            return _counters.Read(_sink.RetriedEvents);
        }
    }

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        _counters.CountEnqueued();
        if (_capacity.TryTake(1))
        {
            Add(behavioralEvent);
            return;
        }

        _counters.CountDropped(_isClosing ? DropReason.Closed : DropReason.QueueFull, 1);
        if (!_isClosing && _capacity.ShouldLogFull())
        {
            Log.EventsDropped(_logger, _counters.DroppedQueueFull, Name);
        }

        if (SecuresCalls)
        {
            _refused.AddOrUpdate(behavioralEvent, s_refused);
        }
    }

    public bool TryReserve(int places) => _capacity.TryTake(places);

    public ValueTask<bool> ReserveAsync(int places, TimeSpan timeout, CancellationToken cancellationToken) =>
        _capacity.TakeAsync(places, timeout, cancellationToken);

    public void EnqueueReserved(BehavioralEvent behavioralEvent)
    {
        _counters.CountEnqueued();
        Add(behavioralEvent);
    }

    public void Release(int places) => _capacity.Free(places);

    public async ValueTask<bool> SecureAsync(
        BehavioralEvent requested, EnforcementDecision? decision, CancellationToken cancellationToken)
    {
        if (_refused.TryGetValue(requested, out _))
        {
            return false;
        }

        var item = SpoolItem.ForCall(decision is null ? null : new BehavioralEvent(requested.Type, requested.Request)
        {
            Phase = requested.Phase,
            OccurredAt = _time.GetUtcNow(),
            Decision = decision,
        });
        _spooler.Add(item);
        if (_isClosing && _spooler.Ended.IsCompleted)
        {
            _spooler.DropLeftovers();
        }

        await item.Written!.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    public Task FlushAsync(CancellationToken cancellationToken) =>
        Task.WhenAny(FlushAsync(), _ended.Task).WaitAsync(cancellationToken);

    public Task DrainAsync()
    {
        lock (_lock)
        {
            return _drained ??= CloseAsync();
        }
    }

    private async Task FlushAsync()
    {
        var mark = SpoolItem.Mark();
        _spooler.Add(mark);
        await _forwarder.FlushAsync(await mark.Written!.Task.ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        _isClosing = true;
        _capacity.Close();
        var startedAt = _time.GetTimestamp();
        await _spooler.CloseAsync().ConfigureAwait(false);
        var rest = _options.DrainTimeout - _time.GetElapsedTime(startedAt);
        await _forwarder.CloseAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero).ConfigureAwait(false);
        await _outbox.DisposeAsync().ConfigureAwait(false);
        _spooler.DropLeftovers();
        _ended.TrySetResult();
    }

    private void Add(BehavioralEvent behavioralEvent)
    {
        _spooler.Add(SpoolItem.For(behavioralEvent));
        if (_isClosing && _spooler.Ended.IsCompleted)
        {
            _spooler.DropLeftovers();
        }
    }

    /// <summary>Counts the events that the outbox itself recovered, dropped and lost since the last time.</summary>
    private void CountOutbox()
    {
        lock (_lock)
        {
            if (!_countedRecovered && _outbox.RecoveredEvents is { } recovered)
            {
                _countedRecovered = true;
                _counters.CountRecovered((int)recovered);
            }

            _countedLost += Count(DropReason.SinkFailed, _outbox.LostEvents - _countedLost);
            _countedDropped += Count(DropReason.QueueFull, _outbox.DroppedEvents - _countedDropped);
        }
    }

    private long Count(DropReason reason, long events)
    {
        if (events > 0)
        {
            _counters.CountDropped(reason, (int)events);
        }

        return events;
    }
}
