namespace Thoth.Interception;

/// <summary>
/// Represents the number of events by outcome so far. <c>Enqueued = Sent + Dropped + Waiting</c> at every moment, and
/// <see cref="Waiting"/> is 0 when idle.
/// </summary>
public sealed record EventStatistics
{
    /// <summary>
    /// Gets the events that were recorded, or recovered from an earlier process. An event is counted before it is queued. A flush
    /// that starts in between need not cover it.
    /// </summary>
    public long Enqueued { get; init; }

    /// <summary>Gets the events that the sink has accepted.</summary>
    public long Sent { get; init; }

    /// <summary>Gets the events that were sent again, counted each time.</summary>
    public long Retried { get; init; }

    /// <summary>Gets the events that were written to an outbox, which outlives the process. They wait until they are sent.</summary>
    public long Spooled { get; init; }

    /// <summary>Gets the events of an earlier process that were found in an outbox.</summary>
    public long Recovered { get; init; }

    /// <summary>Gets the events that were dropped because the queue was full.</summary>
    public long DroppedQueueFull { get; init; }

    /// <summary>Gets the events that a sink could not deliver: for the Thoth API after its last attempt, for other sinks at the first failure.</summary>
    public long DroppedSinkFailed { get; init; }

    /// <summary>Gets the events that the Thoth API refused with a status that a retry does not change, such as 403 or 413.</summary>
    public long DroppedRejected { get; init; }

    /// <summary>Gets the events that were not sent to the Thoth API because neither an API key nor an ingest token is configured.</summary>
    public long DroppedNoCredentials { get; init; }

    /// <summary>Gets the events that were recorded after closing, or not delivered within <see cref="EventOptions.DrainTimeout"/>.</summary>
    public long DroppedClosed { get; init; }

    /// <summary>Gets the events that are queued or being delivered.</summary>
    public long Waiting { get; init; }

    /// <summary>Gets all dropped events: the sum of the reasons.</summary>
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
