namespace Thoth.Interception.Sqlite;

/// <summary>What a look at an outbox's hash chain showed.</summary>
public sealed record OutboxVerification
{
    /// <summary>Nothing is broken.</summary>
    public bool IsIntact => FirstBroken is null;

    /// <summary>The first broken record; <see langword="null"/> where there is none.</summary>
    public BrokenRecord? FirstBroken { get; init; }

    /// <summary>How many records were found intact, up to the first broken one.</summary>
    public long Count { get; init; }

    /// <summary>
    /// How many records came before the oldest one: deleted in their time, after the Thoth API had accepted them or to make room,
    /// or in a damaged file that this one took the place of.
    /// </summary>
    public long Deleted { get; init; }

    /// <summary>The sequence number of the newest record, as the outbox remembers it.</summary>
    public long HeadSequence { get; init; }

    /// <summary>
    /// The SHA-256 of the newest record in lower-case hexadecimal. Kept elsewhere, it tells later whether the whole chain was
    /// written anew, which nothing within the file can.
    /// </summary>
    public required string HeadHash { get; init; }
}
