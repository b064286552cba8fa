using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>
/// A bounded queue with one reader (contract §5.6). Recording an event never waits and never throws; what cannot be queued
/// is dropped and counted.
/// </summary>
internal sealed class EventPipeline : IEventPipeline, IAsyncDisposable, IDisposable
{
    private readonly Channel<Item> _queue;
    private readonly IEventSink[] _sinks;
    private readonly EventOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Lock _closing = new();
    private readonly Task _reader;
    private Task? _closed;
    private long _enqueued;
    private long _sent;
    private long _droppedQueueFull;
    private long _droppedSinkFailed;
    private long _droppedClosed;
    private bool _full;

    public EventPipeline(
        IEnumerable<IEventSink> sinks, IOptions<ThothOptions> options, TimeProvider time, ILogger<EventPipeline> logger,
        LoggerEventSink fallback)
    {
        _sinks = [.. sinks];
        if (_sinks.Length == 0)
        {
            _sinks = [fallback];
        }

        _options = options.Value.Events;
        _time = time;
        _logger = new QuietLogger<EventPipeline>(logger);
        _queue = Channel.CreateBounded<Item>(new BoundedChannelOptions(_options.QueueCapacity) { SingleReader = true });

        // Whoever makes the first governed call must not lend its ambient values to all events to come.
        var flows = !ExecutionContext.IsFlowSuppressed();
        using (flows ? ExecutionContext.SuppressFlow() : default)
        {
            _reader = Task.Run(ReadAsync);
        }
    }

    public EventStatistics Statistics
    {
        get
        {
            // Outcomes are read before what they are outcomes of, so that nothing seems to have been sent that never was enqueued.
            var (sent, failed) = (Interlocked.Read(ref _sent), Interlocked.Read(ref _droppedSinkFailed));
            var (full, closed) = (Interlocked.Read(ref _droppedQueueFull), Interlocked.Read(ref _droppedClosed));
            var enqueued = Interlocked.Read(ref _enqueued);
            return new EventStatistics(enqueued, sent, full, failed, closed, enqueued - sent - failed - full - closed);
        }
    }

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        Interlocked.Increment(ref _enqueued);
        if (_queue.Writer.TryWrite(new Item(behavioralEvent, null)))
        {
            Volatile.Write(ref _full, false);
            return;
        }

        if (_closed is not null)
        {
            Drop(ref _droppedClosed, 1, "dropped_closed");
            return;
        }

        Drop(ref _droppedQueueFull, 1, "dropped_queue_full");

        // Once per burst: a log line for every lost event would be the next outage.
        if (!Interlocked.Exchange(ref _full, true))
        {
            Log.EventsDropped(_logger, Interlocked.Read(ref _droppedQueueFull));
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _queue.Writer.WriteAsync(new Item(null, flushed), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            await CloseAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        // A reader that gave up leaves the marker unread.
        await Task.WhenAny(flushed.Task, _reader).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

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
        _queue.Writer.Complete();
        try
        {
            await _reader.WaitAsync(_options.DrainTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _giveUp.CancelAsync().ConfigureAwait(false);
            var left = Statistics.Waiting;
            Drop(ref _droppedClosed, left, "dropped_closed");
            Log.DrainTimedOut(_logger, _options.DrainTimeout, left);
        }
    }

    private async Task ReadAsync()
    {
        var batch = new List<BehavioralEvent>(_options.BatchSize);
        while (!_giveUp.IsCancellationRequested && await _queue.Reader.WaitToReadAsync(_giveUp.Token).ConfigureAwait(false))
        {
            var flushed = await CollectAsync(batch).ConfigureAwait(false);
            if (batch.Count > 0)
            {
                await SendAsync(batch).ConfigureAwait(false);
                batch.Clear();
            }

            flushed?.TrySetResult();
        }
    }

    /// <summary>Fills the batch until it is full, its oldest event has waited long enough, or somebody flushes.</summary>
    private async ValueTask<TaskCompletionSource?> CollectAsync(List<BehavioralEvent> batch)
    {
        CancellationTokenSource? patience = null;
        try
        {
            while (batch.Count < _options.BatchSize)
            {
                if (_queue.Reader.TryRead(out var item))
                {
                    if (item.Event is null)
                    {
                        return item.Flushed;
                    }

                    batch.Add(item.Event);
                    continue;
                }

                patience ??= new CancellationTokenSource(_options.FlushInterval, _time);
                if (!await _queue.Reader.WaitToReadAsync(patience.Token).ConfigureAwait(false))
                {
                    return null;
                }
            }
        }
        catch (OperationCanceledException) when (patience is { IsCancellationRequested: true })
        {
            // The batch has waited long enough.
        }
        finally
        {
            patience?.Dispose();
        }

        return null;
    }

    private async ValueTask SendAsync(List<BehavioralEvent> batch)
    {
        var accepted = true;
        foreach (var sink in _sinks)
        {
            try
            {
                await sink.SendAsync(batch, _giveUp.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                accepted = false;
                Log.SinkFailed(_logger, sink.GetType().Name, exception.GetType().Name, batch.Count);
                Log.SinkFailureDetail(_logger, exception);
            }
        }

        // After giving up, what was under way has been counted as dropped already.
        if (_giveUp.IsCancellationRequested)
        {
            return;
        }

        if (accepted)
        {
            Interlocked.Add(ref _sent, batch.Count);
            ThothDiagnostics.CountEvents(batch.Count, "sent");
        }
        else
        {
            Drop(ref _droppedSinkFailed, batch.Count, "dropped_sink_failed");
        }
    }

    private static void Drop(ref long counter, long count, string outcome)
    {
        Interlocked.Add(ref counter, count);
        ThothDiagnostics.CountEvents(count, outcome);
    }

    /// <summary>An event, or the mark of a flush that waits for everything before it.</summary>
    private readonly record struct Item(BehavioralEvent? Event, TaskCompletionSource? Flushed);
}
