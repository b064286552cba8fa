namespace Thoth.Interception.Sqlite;

/// <summary>The problems of a record of an outbox.</summary>
public enum RecordProblem
{
    /// <summary>The content or the hash of the record was changed.</summary>
    Changed = 0,

    /// <summary>The record does not follow the one before it: one of the two was replaced or moved.</summary>
    NotLinked,

    /// <summary>The record was removed.</summary>
    Missing,

    /// <summary>The record was not written by an outbox: the chain ends before it.</summary>
    Added,
}
