namespace Thoth.Interception;

/// <summary>What became of the events so far: <c>Enqueued = Sent + Dropped + Waiting</c>, and nothing waits once all is at rest.</summary>
public sealed record EventStatistics
{
    /// <summary>Events that were recorded.</summary>
    public long Enqueued { get; init; }

    /// <summary>Events that every sink has accepted.</summary>
    public long Sent { get; init; }

    /// <summary>Events that were sent to the Thoth API once more, counted each time.</summary>
    public long Retried { get; init; }

    /// <summary>Events dropped because the queue was full.</summary>
    public long DroppedQueueFull { get; init; }

    /// <summary>Events that a sink could not deliver: the Thoth API after its last attempt, any other sink when it failed.</summary>
    public long DroppedSinkFailed { get; init; }

    /// <summary>Events that the Thoth API refused with a status that no repetition changes, such as 403 or 413.</summary>
    public long DroppedRejected { get; init; }

    /// <summary>Events that the Thoth API was not sent because neither an API key nor an ingest token is configured.</summary>
    public long DroppedNoCredentials { get; init; }

    /// <summary>Events recorded after closing, or not delivered before the time to drain was over.</summary>
    public long DroppedClosed { get; init; }

    /// <summary>Events that are queued or being delivered.</summary>
    public long Waiting { get; init; }

    /// <summary>All dropped events, whatever the reason.</summary>
    public long Dropped => DroppedQueueFull + DroppedSinkFailed + DroppedRejected + DroppedNoCredentials + DroppedClosed;
}
