using Microsoft.Extensions.Logging;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Events.Outbox;

/// <summary>
/// Sends a batch until the API has accepted or rejected every event of it, and marks these in the outbox. Several batches may be
/// under way.
/// </summary>
/// <param name="outbox">The outbox that holds the events.</param>
/// <param name="sink">Sends batches to the API.</param>
/// <param name="name">The sink's name in metrics.</param>
/// <param name="counters">Counts the events.</param>
/// <param name="time">The clock for delays.</param>
/// <param name="logger">Logs failures of the outbox.</param>
/// <param name="closing">Cancelled when events that the API does not accept at once are left to the next process.</param>
/// <param name="giveUp">Cancelled when everything is left as it is.</param>
internal sealed class OutboxDelivery(
    IEventOutbox outbox, HttpEventSink sink, string name, EventCounters counters, TimeProvider time, ILogger logger,
    CancellationToken closing, CancellationToken giveUp)
{
    private readonly OutboxFailures _outboxFailures = new(logger, "updated");
    private int _failures;

    /// <summary>Whether the last attempt failed.</summary>
    public bool IsFailing => Volatile.Read(ref _failures) > 0;

    /// <exception cref="OperationCanceledException">Delivery was given up; the rest of the batch stays in the outbox.</exception>
    public async Task DeliverAsync(IReadOnlyList<PendingEvent> batch)
    {
        while (batch.Count > 0)
        {
            batch = await TryAsync(batch).ConfigureAwait(false);
            if (batch.Count > 0)
            {
                closing.ThrowIfCancellationRequested();
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(giveUp, closing);
                await Task.Delay(RetryDelay.After(Volatile.Read(ref _failures)), time, stop.Token).ConfigureAwait(false);
            }
        }
    }

    /// <returns>The events to retry.</returns>
    private async ValueTask<IReadOnlyList<PendingEvent>> TryAsync(IReadOnlyList<PendingEvent> batch)
    {
        var startedAt = EventMetrics.MeasuresBatches ? time.GetTimestamp() : 0;
        IReadOnlyList<BatchPart> parts = [new BatchPart(batch.Count, null)];
        try
        {
            await sink.SendAsync(batch, static (body, events) => body.Write(events, static e => e.Json), giveUp)
                .AsTask().WaitAsync(giveUp).ConfigureAwait(false);
        }
        catch (EventDeliveryException exception)
        {
            parts = exception.Parts;
        }
        catch (Exception) when (!giveUp.IsCancellationRequested)
        {
            // A bug of the sink, or of a handler of its client, must not lose evidence.
            parts = [new BatchPart(batch.Count, DropReason.SinkFailed)];
        }

        if (startedAt != 0)
        {
            EventMetrics.RecordBatch(name, batch.Count, time.GetElapsedTime(startedAt));
        }

        var retries = new List<PendingEvent>();
        var next = 0;
        foreach (var part in parts)
        {
            if (part.Loss is null or DropReason.Rejected)
            {
                await SettleAsync(batch[next].Sequence, batch[next + part.Count - 1].Sequence, part).ConfigureAwait(false);
            }
            else
            {
                retries.AddRange(batch.Skip(next).Take(part.Count));
            }

            next += part.Count;
        }

        if (retries.Count > 0)
        {
            Interlocked.Increment(ref _failures);
        }
        else
        {
            Volatile.Write(ref _failures, 0);
        }

        return retries;
    }

    /// <summary>Marks and counts the events of a part. Batches do not overlap, so every unsent event of the range is one of the part.</summary>
    /// <param name="first">The first sequence number.</param>
    /// <param name="last">The last sequence number.</param>
    /// <param name="part">The events and their outcome.</param>
    private async ValueTask SettleAsync(long first, long last, BatchPart part)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                // Events that were deleted meanwhile to make room were counted as dropped then.
                var settled = await outbox.MarkSentAsync(first, last).ConfigureAwait(false);
                _outboxFailures.Succeeded();
                counters.Count(part with { Count = Math.Clamp(settled, 0, part.Count) });
                return;
            }
            catch (Exception exception)
            {
                _outboxFailures.Failed(exception);

                // Without the mark the next process would send the events once more.
                await Task.Delay(RetryDelay.After(failures), time, giveUp).ConfigureAwait(false);
            }
        }
    }
}
