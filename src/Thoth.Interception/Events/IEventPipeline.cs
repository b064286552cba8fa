namespace Thoth.Interception;

/// <summary>The queues between governed calls and the event sinks, one for each sink.</summary>
public interface IEventPipeline
{
    /// <summary>What became of the events so far: the sum over all sinks, so an event counts once for each sink.</summary>
    EventStatistics Statistics { get; }

    /// <summary>
    /// The same for each sink, under the name of its type; <c>#2</c> and so on follow the name where several are of one type.
    /// </summary>
    IReadOnlyDictionary<string, EventStatistics> StatisticsBySink { get; }

    /// <summary>Delivers what is queued now, without waiting for batches to fill.</summary>
    /// <param name="cancellationToken">Gives up waiting; delivery goes on.</param>
    /// <returns>A task that completes when every event recorded before this call has been delivered or dropped.</returns>
    Task FlushAsync(CancellationToken cancellationToken = default);
}
