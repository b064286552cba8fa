using Thoth.Interception.Diagnostics;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Sqlite.Storage;

namespace Thoth.Interception.Sqlite.Delivery;

/// <summary>
/// Sends a batch until the API has taken or refused every event of it, and marks these in the outbox. Several batches may be
/// under way.
/// </summary>
/// <param name="outbox">Where they are marked.</param>
/// <param name="sink">The way to the API.</param>
/// <param name="name">The sink's name in figures.</param>
/// <param name="counters">Where they are counted.</param>
/// <param name="time">The clock for delays.</param>
/// <param name="closing">What the API does not take at once is left for the next process.</param>
/// <param name="giveUp">Everything is left as it is.</param>
internal sealed class OutboxDelivery(
    SqliteOutbox outbox, HttpEventSink sink, string name, EventCounters counters, TimeProvider time,
    CancellationToken closing, CancellationToken giveUp)
{
    private int _failures;

    /// <summary>The last attempt failed.</summary>
    public bool IsFailing => Volatile.Read(ref _failures) > 0;

    /// <exception cref="OperationCanceledException">What is left of it stays on disk.</exception>
    public async Task DeliverAsync(IReadOnlyList<WaitingEvent> batch)
    {
        var whole = true;
        while (batch.Count > 0)
        {
            var rest = await TryAsync(batch, whole).ConfigureAwait(false);
            (batch, whole) = (rest, whole && rest.Count == batch.Count);
            if (batch.Count > 0)
            {
                closing.ThrowIfCancellationRequested();
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(giveUp, closing);
                await Task.Delay(RetryDelay.After(Volatile.Read(ref _failures)), time, stop.Token).ConfigureAwait(false);
            }
        }
    }

    /// <returns>What is to be tried again.</returns>
    private async ValueTask<IReadOnlyList<WaitingEvent>> TryAsync(IReadOnlyList<WaitingEvent> batch, bool whole)
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
            // The sink's own bug, or that of a handler of its client: no reason to lose evidence.
            parts = [new BatchPart(batch.Count, DropReason.SinkFailed)];
        }

        if (startedAt != 0)
        {
            EventMetrics.RecordBatch(name, batch.Count, time.GetElapsedTime(startedAt));
        }

        var again = new List<WaitingEvent>();
        var next = 0;
        foreach (var part in parts)
        {
            var some = batch.Skip(next).Take(part.Count).ToList();
            next += part.Count;
            if (part.Loss is null or DropReason.Rejected)
            {
                await SettleAsync(some, whole, part.Loss).ConfigureAwait(false);
            }
            else
            {
                again.AddRange(some);
            }
        }

        if (again.Count > 0)
        {
            Interlocked.Increment(ref _failures);
        }
        else
        {
            Volatile.Write(ref _failures, 0);
        }

        return again;
    }

    /// <summary>Counts what was still waiting: what made room in a full outbox meanwhile was counted as that.</summary>
    private async ValueTask SettleAsync(List<WaitingEvent> events, bool whole, DropReason? loss)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                var settled = await outbox.MarkAsync([.. events.Select(static e => e.Sequence)], whole).ConfigureAwait(false);
                counters.Count(new BatchPart(settled, loss));
                return;
            }
            catch (OutboxException exception) when (exception.Failure != OutboxFailure.Closed)
            {
                // Without the mark they would be sent once more by the next process; it is worth trying for.
                await Task.Delay(RetryDelay.After(failures), time, giveUp).ConfigureAwait(false);
            }
        }
    }
}
