using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Events.Queue;

/// <summary>Gives a sink a batch.</summary>
/// <typeparam name="TEvent">The form in which the sink takes events.</typeparam>
internal delegate ValueTask SendBatch<TEvent>(IReadOnlyList<TEvent> events, CancellationToken cancellationToken);

/// <summary>
/// Gives one sink as many batches as it takes at a time, and counts what became of each exactly once, whatever the sink does.
/// Started by one reader; a delivery goes on by itself while there is a batch to take.
/// </summary>
/// <typeparam name="TEvent">The form in which the sink takes events.</typeparam>
/// <param name="send">Gives the sink a batch.</param>
/// <param name="batches">Where batches are taken from.</param>
/// <param name="most">How many batches the sink takes at a time.</param>
/// <param name="ended">Is called when a delivery has found nothing more to take.</param>
/// <param name="name">The sink's name in metrics.</param>
/// <param name="counters">Where events are counted.</param>
/// <param name="time">Measures.</param>
/// <param name="logger">Is told of failures.</param>
internal sealed class BatchDelivery<TEvent>(
    SendBatch<TEvent> send, BatchSource<TEvent> batches, int most, Action ended, string name, EventCounters counters, TimeProvider time, ILogger logger)
{
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Lock _settling = new();

    /// <summary>Batches that are not counted yet, by the number of their first event.</summary>
    private readonly Dictionary<long, List<TEvent>> _unsettled = [];
    private volatile bool _hasEnded;
    private int _underWay;

    public bool HasEnded => _hasEnded;

    /// <summary>How many deliveries are under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>The sink can take one more batch. A substitute of its interface may say that it takes 0.</summary>
    public bool HasRoom => UnderWay < Math.Max(1, most);

    /// <summary>Takes a batch and sends it on another thread: batches are written beside each other, and the reader goes on.</summary>
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
    /// Drops what is under way or waits. Depends neither on the sink nor on a delivery, whose thread the sink may hold. Idempotent.
    /// </summary>
    public void End()
    {
        lock (_settling)
        {
            _hasEnded = true;
            foreach (var (first, batch) in _unsettled.ToArray())
            {
                Settle(first, new BatchPart(batch.Count, DropReason.Closed));

                // Not awaited: closing must not wait for what a sink does about it.
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
        Interlocked.Decrement(ref _underWay);
        ended();
    }

    /// <summary>Takes the next batch into a list that the sink is done with. After <see cref="End"/> all that waits is dropped.</summary>
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
            // A delivery and End may both want to count a batch: the one that takes it out does.
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
