namespace Thoth.Interception.Events.Queue;

/// <summary>
/// A sink of this library did not deliver the whole of a batch, has logged why, and says what its events are to be counted as.
/// </summary>
internal sealed class EventDeliveryException(IReadOnlyList<BatchPart> parts) : Exception("Some events were not delivered.")
{
    /// <summary>Oldest first; together they are the batch.</summary>
    public IReadOnlyList<BatchPart> Parts { get; } = parts;
}
