using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Sqlite.Delivery;

/// <summary>
/// The way of events to the Thoth API by an outbox: they are on disk before they are sent, and leave it when the API has accepted
/// them. What the disk does not take waits in memory, up to the queue's capacity.
/// </summary>
internal sealed class OutboxSinkQueue : ISinkQueue
{
    private static readonly object s_refused = new();

    private readonly SqliteOutbox _outbox;
    private readonly HttpEventSink _sink;
    private readonly EventCounters _counters;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly CapacityLimiter _places;
    private readonly Spooler _spooler;
    private readonly Forwarder _forwarder;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // First events of calls that found no room: their calls have no evidence.
    private readonly ConditionalWeakTable<BehavioralEvent, object> _refused = [];
    private Task? _drained;
    private long _lostBefore;
    private long _droppedBefore;
    private bool _countedFound;
    private volatile bool _isClosing;

    public OutboxSinkQueue(
        SqliteOutbox outbox, OutboxDurability durability, HttpEventSink sink, string name, EventOptions options, TimeProvider time,
        ILogger logger)
    {
        _logger = logger;
        (_outbox, _sink, _options, _time, Name) = (outbox, sink, options, time, name);
        SecuresCalls = durability == OutboxDurability.BeforeExecution;
        _counters = new EventCounters(name);
        _places = new CapacityLimiter(options.QueueCapacity, time);
        CountOutbox();

        // Whoever makes the first governed call must not lend its ambient values to all events to come.
        using (ExecutionContext.SuppressFlow())
        {
            _forwarder = new Forwarder(outbox, sink, name, _counters, options, time);
            _spooler = new Spooler(outbox, _counters, _places, time, _forwarder.Notify);
        }
    }

    public string Name { get; }

    public bool SecuresCalls { get; }

    public double Fill => _places.Fill;

    public bool IsWritable => _outbox.Figures.IsWritable;

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
        if (_places.TryTake(1))
        {
            Add(behavioralEvent);
            return;
        }

        _counters.CountDropped(_isClosing ? DropReason.Closed : DropReason.QueueFull, 1);
        if (!_isClosing && _places.ShouldLogFull())
        {
            Log.EventsDropped(_logger, _counters.DroppedQueueFull, Name);
        }

        if (SecuresCalls)
        {
            _refused.AddOrUpdate(behavioralEvent, s_refused);
        }
    }

    public bool TryReserve(int places) => _places.TryTake(places);

    public ValueTask<bool> ReserveAsync(int places, TimeSpan timeout, CancellationToken cancellationToken) =>
        _places.TakeAsync(places, timeout, cancellationToken);

    public void EnqueueReserved(BehavioralEvent behavioralEvent)
    {
        _counters.CountEnqueued();
        Add(behavioralEvent);
    }

    public void Release(int places) => _places.Free(places);

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
        _places.Close();
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

    /// <summary>What the outbox found and lost on its own.</summary>
    private void CountOutbox()
    {
        lock (_lock)
        {
            var figures = _outbox.Figures;
            if (!_countedFound && figures.WasOpened)
            {
                _countedFound = true;
                _counters.CountRecovered((int)figures.Found);
            }

            _lostBefore += Count(DropReason.SinkFailed, figures.Lost - _lostBefore);
            _droppedBefore += Count(DropReason.QueueFull, figures.Dropped - _droppedBefore);
        }
    }

    private long Count(DropReason loss, long events)
    {
        if (events > 0)
        {
            _counters.CountDropped(loss, (int)events);
        }

        return events;
    }
}
