namespace Thoth.Interception.Sqlite;

/// <summary>A record by which an outbox is known not to be what was written.</summary>
/// <param name="Sequence">Its sequence number, from 1.</param>
/// <param name="EventId">The id of its event; <see langword="null"/> where the record is missing.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record BrokenRecord(long Sequence, string? EventId, RecordProblem Problem);
