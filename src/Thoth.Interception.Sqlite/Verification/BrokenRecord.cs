namespace Thoth.Interception.Sqlite;

/// <summary>Represents a record of an outbox that is not what was written.</summary>
public sealed record BrokenRecord
{
    /// <summary>Gets the record's sequence number, counted from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>Gets the id of the record's event; <see langword="null"/> if the record is missing.</summary>
    public string? EventId { get; init; }

    /// <summary>Gets what is wrong with the record.</summary>
    public required RecordProblem Problem { get; init; }
}
