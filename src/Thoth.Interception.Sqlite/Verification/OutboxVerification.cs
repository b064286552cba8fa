namespace Thoth.Interception.Sqlite;

/// <summary>Represents the result of verifying an outbox's hash chain.</summary>
public sealed record OutboxVerification
{
    /// <summary>Gets a value that tells whether the whole chain is intact.</summary>
    public bool IsIntact => FirstBroken is null;

    /// <summary>Gets the first broken record, or <see langword="null"/> if the chain is intact.</summary>
    public BrokenRecord? FirstBroken { get; init; }

    /// <summary>Gets the number of intact records before the first broken one.</summary>
    public long Count { get; init; }

    /// <summary>
    /// Gets the number of records before the oldest one. They were deleted after the Thoth API had accepted them or to make space,
    /// or they are in a damaged file that this one replaced.
    /// </summary>
    public long Deleted { get; init; }

    /// <summary>Gets the sequence number of the newest record, as the outbox has stored it.</summary>
    public long HeadSequence { get; init; }

    /// <summary>
    /// Gets the SHA-256 of the newest record in lower-case hexadecimal.
    /// </summary>
    /// <remarks>Keep it elsewhere to detect later that the whole chain was rewritten: the file alone cannot show that.</remarks>
    public required string HeadHash { get; init; }
}
