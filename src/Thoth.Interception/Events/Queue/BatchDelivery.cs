using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Events.Queue;

/// <summary>Sends a batch to a sink.</summary>
/// <typeparam name="TEvent">The form in which the sink takes events.</typeparam>
internal delegate ValueTask SendBatch<TEvent>(IReadOnlyList<TEvent> events, CancellationToken cancellationToken);

/// <summary>
/// Sends batches to one sink, up to its limit of concurrent batches, and counts the outcome of each exactly once, whatever the sink
/// does. The queue's reader starts deliveries; each delivery sends batch after batch while there is one to take.
/// </summary>
/// <typeparam name="TEvent">The form in which the sink takes events.</typeparam>
/// <param name="send">Sends a batch to the sink.</param>
/// <param name="batches">The source of batches.</param>
/// <param name="maxConcurrency">The number of batches that the sink takes at a time; 0 counts as 1.</param>
/// <param name="onEnded">Called when a delivery has found no further batch.</param>
/// <param name="name">The sink's name in metrics.</param>
/// <param name="counters">Counts the events by outcome.</param>
/// <param name="time">The clock of the metrics.</param>
/// <param name="logger">Logs failures of the sink.</param>
internal sealed class BatchDelivery<TEvent>(
    SendBatch<TEvent> send, BatchSource<TEvent> batches, int maxConcurrency, Action onEnded, string name, EventCounters counters, TimeProvider time, ILogger logger)
{
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Lock _settling = new();

    /// <summary>The batches that are not counted yet, by the number of their first event.</summary>
    private readonly Dictionary<long, List<TEvent>> _unsettled = [];
    private volatile bool _hasEnded;
    private int _underWay;

    public bool HasEnded => _hasEnded;

    /// <summary>Gets the number of running deliveries.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Gets whether the sink can take one more batch.</summary>
    public bool HasRoom => UnderWay < Math.Max(1, maxConcurrency);

    /// <summary>Takes a batch and sends it on another thread, so that batches are sent concurrently and the reader continues.</summary>
    /// <returns><see langword="false"/> if no batch is due.</returns>
    public bool TryStart()
    {
        var batch = new List<TEvent>(batches.BatchSize);
        if (!TryBegin(batch, out var first))
        {
            return false;
        }

        Interlocked.Increment(ref _underWay);
        _ = DeliverAsync(batch, first);
        return true;
    }

    /// <summary>
    /// Drops all batches that are being sent and all events that wait. It waits neither for the sink nor for a delivery. Idempotent.
    /// </summary>
    public void End()
    {
        lock (_settling)
        {
            _hasEnded = true;
            foreach (var (first, batch) in _unsettled.ToArray())
            {
                Settle(first, new BatchPart(batch.Count, DropReason.Closed));

                // Not awaited: closing must not wait for the callbacks of a sink.
                _ = _giveUp.CancelAsync();
            }
        }

        batches.End();
        DropLeftovers();
    }

    /// <summary>Drops events that came after <see cref="End"/>.</summary>
    public void DropLeftovers() => TryBegin(new List<TEvent>(batches.BatchSize), out _);

    private async Task DeliverAsync(List<TEvent> batch, long first)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await SendAllAsync(batch, first).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
            onEnded();
        }
    }

    private async ValueTask SendAllAsync(List<TEvent> batch, long first)
    {
        do
        {
            var startedAt = EventMetrics.MeasuresBatches ? time.GetTimestamp() : 0;
            try
            {
                await send(batch, _giveUp.Token).ConfigureAwait(false);
                Settle(first, new BatchPart(batch.Count, null));
            }
            catch (OperationCanceledException) when (_hasEnded)
            {
                Settle(first, new BatchPart(batch.Count, DropReason.Closed));
            }
            catch (EventDeliveryException exception)
            {
                Settle(first, [.. exception.Parts]);
            }
            catch (Exception exception)
            {
                Log.SinkFailed(logger, name, exception.GetType().Name, batch.Count);
                Log.SinkFailureDetail(logger, exception);
                Settle(first, new BatchPart(batch.Count, DropReason.SinkFailed));
            }

            if (startedAt != 0)
            {
                EventMetrics.RecordBatch(name, batch.Count, time.GetElapsedTime(startedAt));
            }
        }
        while (TryBegin(batch, out first));
    }

    /// <summary>Takes the next batch into a list that the sink no longer uses. After <see cref="End"/> all waiting events are dropped.</summary>
    private bool TryBegin(List<TEvent> batch, out long first)
    {
        for (batch.Clear(); batches.TryTake(batch, out first); batch.Clear())
        {
            lock (_settling)
            {
                _unsettled.Add(first, batch);
                if (!_hasEnded)
                {
                    return true;
                }
            }

            Settle(first, new BatchPart(batch.Count, DropReason.Closed));
        }

        return false;
    }

    private void Settle(long first, params ReadOnlySpan<BatchPart> parts)
    {
        lock (_settling)
        {
            // A delivery and End may both try to count a batch. The one that removes it first counts it.
            if (!_unsettled.Remove(first))
            {
                return;
            }
        }

        foreach (var part in parts)
        {
            counters.Count(part);
        }

        batches.EndBatch(first);
    }
}
