namespace Thoth.Interception;

/// <summary>The queue between governed calls and the event sinks.</summary>
public interface IEventPipeline
{
    /// <summary>What became of the events so far.</summary>
    EventStatistics Statistics { get; }

    /// <summary>Delivers what is queued now, without waiting for batches to fill.</summary>
    /// <param name="cancellationToken">Gives up waiting; delivery goes on.</param>
    /// <returns>A task that completes when every event recorded before this call has been delivered or dropped.</returns>
    Task FlushAsync(CancellationToken cancellationToken = default);
}
