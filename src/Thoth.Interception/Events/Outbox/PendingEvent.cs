namespace Thoth.Interception;

/// <summary>Represents a committed event of an <see cref="IEventOutbox"/> that the Thoth API has not accepted yet.</summary>
/// <remarks>For packages that bring a store of their own.</remarks>
public sealed class PendingEvent
{
    /// <summary>Gets the record's sequence number.</summary>
    public required long Sequence { get; init; }

    /// <summary>Gets the event as UTF-8 JSON, as it was appended.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }
}
