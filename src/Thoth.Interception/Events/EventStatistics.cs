namespace Thoth.Interception;

/// <summary>What became of the events so far: <c>Enqueued = Sent + Dropped + Waiting</c> once nothing is under way.</summary>
/// <param name="Enqueued">Events that were recorded.</param>
/// <param name="Sent">Events that every sink has accepted.</param>
/// <param name="DroppedQueueFull">Events dropped because the queue was full.</param>
/// <param name="DroppedSinkFailed">Events that a sink refused.</param>
/// <param name="DroppedClosed">Events recorded after closing, or not delivered before the time to drain was over.</param>
/// <param name="Waiting">Events that are queued or being delivered.</param>
public sealed record EventStatistics(
    long Enqueued, long Sent, long DroppedQueueFull, long DroppedSinkFailed, long DroppedClosed, long Waiting)
{
    /// <summary>All dropped events, whatever the reason.</summary>
    public long Dropped => DroppedQueueFull + DroppedSinkFailed + DroppedClosed;
}
