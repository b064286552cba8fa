namespace Thoth.Interception;

/// <summary>Represents the queues between governed calls and the event sinks, one for each sink.</summary>
/// <example>
/// <code>
/// var events = provider.GetRequiredService&lt;IEventPipeline&gt;();
/// await events.FlushAsync();
/// Console.WriteLine($"{events.Statistics.Sent} sent, {events.Statistics.Dropped} dropped");
/// </code>
/// </example>
public interface IEventPipeline
{
    /// <summary>Gets the counts of events over all sinks. An event counts once for each sink.</summary>
    EventStatistics Statistics { get; }

    /// <summary>
    /// Gets the counts for each sink, by the name of the sink's type. If several sinks have one type, <c>#2</c> and so on follow
    /// the name.
    /// </summary>
    IReadOnlyDictionary<string, EventStatistics> StatisticsBySink { get; }

    /// <summary>Delivers the queued events now, without waiting for batches to fill.</summary>
    /// <param name="cancellationToken">Cancels the wait; delivery goes on.</param>
    /// <returns>A task that completes when every event recorded before this call has been delivered or dropped.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task FlushAsync(CancellationToken cancellationToken = default);
}
