namespace Thoth.Interception;

/// <summary>
/// What became of the events so far: <c>Enqueued = Sent + Dropped + Waiting</c> at every moment, and nothing waits once all is
/// at rest.
/// </summary>
public sealed record EventStatistics
{
    /// <summary>
    /// Events that were recorded, or found again from an earlier process. An event is counted before it is queued. A flush that
    /// starts in between need not cover it.
    /// </summary>
    public long Enqueued { get; init; }

    /// <summary>Events that the sink has accepted.</summary>
    public long Sent { get; init; }

    /// <summary>Events that were sent to the Thoth API once more, counted each time.</summary>
    public long Retried { get; init; }

    /// <summary>Events that were written to an outbox, which outlives the process. They wait until they are sent.</summary>
    public long Spooled { get; init; }

    /// <summary>Events of an earlier process that were found in an outbox.</summary>
    public long Recovered { get; init; }

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

    internal static EventStatistics Sum(IEnumerable<EventStatistics> parts) =>
        parts.Aggregate(new EventStatistics(), static (sum, part) => new EventStatistics
        {
            Enqueued = sum.Enqueued + part.Enqueued,
            Sent = sum.Sent + part.Sent,
            Retried = sum.Retried + part.Retried,
            Spooled = sum.Spooled + part.Spooled,
            Recovered = sum.Recovered + part.Recovered,
            DroppedQueueFull = sum.DroppedQueueFull + part.DroppedQueueFull,
            DroppedSinkFailed = sum.DroppedSinkFailed + part.DroppedSinkFailed,
            DroppedRejected = sum.DroppedRejected + part.DroppedRejected,
            DroppedNoCredentials = sum.DroppedNoCredentials + part.DroppedNoCredentials,
            DroppedClosed = sum.DroppedClosed + part.DroppedClosed,
            Waiting = sum.Waiting + part.Waiting,
        });
}
