namespace Thoth.Interception.Events.Queue;

/// <summary>
/// Thrown by the sink of the Thoth API if it did not deliver a whole batch. The sink has logged why; the parts say how to count
/// the events.
/// </summary>
internal sealed class EventDeliveryException(IReadOnlyList<BatchPart> parts) : Exception("Some events were not delivered.")
{
    /// <summary>Gets the parts of the batch, oldest first.</summary>
    public IReadOnlyList<BatchPart> Parts { get; } = parts;
}
