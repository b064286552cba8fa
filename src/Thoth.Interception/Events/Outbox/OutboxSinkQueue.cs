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

    // The outbox writes what waits in memory and closes, even if the drain timeout is shorter.
    private static readonly TimeSpan s_outboxTime = TimeSpan.FromSeconds(1);

    private readonly IEventOutbox _outbox;
    private readonly HttpEventSink _sink;
    private readonly EventCounters _counters;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly CapacityLimiter _capacity;
    private readonly Spooler _spooler;
    private readonly Forwarder _forwarder;
    private readonly OutboxFailures _countFailures;
    private readonly OutboxFailures _healthFailures;
    private readonly OutboxFailures _closeFailures;
    private readonly ILogger _logger;
    private readonly Lock _counting = new();
    private readonly Lock _closing = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // First events of calls that were dropped: their calls have no evidence and are refused.
    private readonly ConditionalWeakTable<BehavioralEvent, object> _refused = [];
    private Task? _drained;
    private long _countedLost;
    private long _countedDropped;
    private bool _countedRecovered;
    private bool _countedAll;
    private volatile bool _isClosing;

    public OutboxSinkQueue(
        IEventOutbox outbox, HttpEventSink sink, string name, EventOptions options, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _countFailures = new OutboxFailures(logger, "read");
        _healthFailures = new OutboxFailures(logger, "read");
        _closeFailures = new OutboxFailures(logger, "closed");
        (_outbox, _sink, _options, _time, Name) = (outbox, sink, options, time, name);
        SecuresCalls = outbox.CommitsBeforeExecution;
        _counters = new EventCounters(name);
        _capacity = new CapacityLimiter(options.QueueCapacity, time);
        CountOutbox();

        // The first governed call makes the queue: its ambient values must not flow into the tasks that send all later events.
        using (ExecutionContext.SuppressFlow())
        {
            _forwarder = new Forwarder(outbox, sink, name, _counters, options, time, logger);
            _spooler = new Spooler(outbox, _counters, _capacity, time, logger, _forwarder.Notify);
        }
    }

    public string Name { get; }

    public bool SecuresCalls { get; }

    public double Fill => _capacity.Fill;

    public bool IsWritable
    {
        get
        {
            try
            {
                var isWritable = _outbox.IsWritable;
                _healthFailures.Succeeded();
                return isWritable;
            }
            catch (Exception exception)
            {
                _healthFailures.Failed(exception);
                return false;
            }
        }
    }

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
            Add(SpoolItem.For(behavioralEvent));
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
        Add(SpoolItem.For(behavioralEvent));
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
        Add(item);
        await item.Written!.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    public Task FlushAsync(CancellationToken cancellationToken) =>
        Task.WhenAny(FlushAsync(), _ended.Task).WaitAsync(cancellationToken);

    public Task DrainAsync()
    {
        lock (_closing)
        {
            return _drained ??= CloseAsync();
        }
    }

    private async Task FlushAsync()
    {
        var mark = SpoolItem.Mark();
        Add(mark);
        await _forwarder.FlushAsync(await mark.Written!.Task.ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        _isClosing = true;
        _capacity.Close();
        var startedAt = _time.GetTimestamp();

        // On another thread: a member of the outbox that blocks its thread must not block this one.
        var ended = Task.Run(() => EndAsync(startedAt));
        try
        {
            await ended.WaitAsync(Longer(_options.DrainTimeout, s_outboxTime), _time).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            // The outbox is disposed later, if its calls that are under way return.
            _closeFailures.Failed(exception);
            _forwarder.GiveUp();
        }
        finally
        {
            _spooler.Abandon();
            _ended.TrySetResult();
        }
    }

    /// <summary>Writes, sends and closes, for as long as the outbox takes.</summary>
    private async Task EndAsync(long startedAt)
    {
        try
        {
            // After this time nothing is sent any more, but what waits in memory may still be written.
            await _spooler.CloseAsync().WaitAsync(Rest(), _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _forwarder.CloseAsync(Rest()).ConfigureAwait(false);
            await _spooler.Ended.ConfigureAwait(false);
        }
        finally
        {
            await DisposeOutboxAsync().ConfigureAwait(false);
        }

        // The last part of the timeout is for the outbox.
        TimeSpan Rest() => Longer(
            _options.DrainTimeout - Shorter(_options.DrainTimeout / 5, s_outboxTime) - _time.GetElapsedTime(startedAt), TimeSpan.Zero);
    }

    private async ValueTask DisposeOutboxAsync()
    {
        CountOutbox();
        lock (_counting)
        {
            // An outbox that is disposed may refuse to be read.
            _countedAll = true;
        }

        try
        {
            await _outbox.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _closeFailures.Failed(exception);
        }
    }

    private void Add(SpoolItem item)
    {
        _spooler.Add(item);
        if (_isClosing && _spooler.HasEnded)
        {
            _spooler.DropLeftovers();
        }
    }

    /// <summary>Counts the events that the outbox itself recovered, dropped and lost since the last time.</summary>
    private void CountOutbox()
    {
        lock (_counting)
        {
            if (_countedAll)
            {
                return;
            }

            try
            {
                if (!_countedRecovered && _outbox.RecoveredEvents is { } recovered)
                {
                    _countedRecovered = true;
                    _counters.CountRecovered(Limit(recovered));
                }

                Count(DropReason.SinkFailed, _outbox.LostEvents, ref _countedLost);
                Count(DropReason.QueueFull, _outbox.DroppedEvents, ref _countedDropped);
                _countFailures.Succeeded();
            }
            catch (Exception exception)
            {
                // They are counted the next time.
                _countFailures.Failed(exception);
            }
        }
    }

    /// <summary>Counts the events that were added to a total. A total that falls counts nothing until it has grown again.</summary>
    private void Count(DropReason reason, long total, ref long counted)
    {
        var added = Limit(total - counted);
        if (added > 0)
        {
            counted += added;
            _counters.CountDropped(reason, added);
        }
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static int Limit(long events) => (int)Math.Clamp(events, 0, int.MaxValue);
}
