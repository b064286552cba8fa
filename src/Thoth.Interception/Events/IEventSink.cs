namespace Thoth.Interception;

/// <summary>Takes batches of behavioural events to where they are kept.</summary>
public interface IEventSink
{
    /// <summary>
    /// How many batches the sink may be given at a time. Default 1: the next batch comes when the one before is accepted or
    /// refused. With more, batches may arrive out of order and on several threads. Read once.
    /// </summary>
    int MaxConcurrentBatches => 1;

    /// <summary>
    /// How many events the sink has sent once more so far, counted each time; for <see cref="EventStatistics.Retried"/>. Default 0,
    /// for sinks that do not try again.
    /// </summary>
    long RetriedEvents => 0;

    /// <summary>Takes one batch. Returning means that every event of it is accepted; an exception means that none is.</summary>
    /// <param name="events">1 to <see cref="EventOptions.BatchSize"/> events, oldest first. Valid during the call only.</param>
    /// <param name="cancellationToken">Cancelled when the time to drain is over.</param>
    /// <returns>A task that completes when the batch is accepted.</returns>
    ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken);
}
