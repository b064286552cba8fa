namespace Thoth.Interception;

/// <summary>Takes batches of behavioural events to where they are kept. It is given one batch at a time.</summary>
public interface IEventSink
{
    /// <summary>Takes one batch. Returning means that every event of it is accepted; an exception means that none is.</summary>
    /// <param name="events">1 to <see cref="EventOptions.BatchSize"/> events, oldest first. Valid during the call only.</param>
    /// <param name="cancellationToken">Cancelled when the time to drain is over.</param>
    /// <returns>A task that completes when the batch is accepted.</returns>
    ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken);
}
