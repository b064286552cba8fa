namespace Thoth.Interception.Sqlite;

/// <summary>What is wrong with a record of an outbox.</summary>
public enum RecordProblem
{
    /// <summary>What it says, or its hash, is not what was written.</summary>
    Changed = 0,

    /// <summary>It does not follow the record before it: one of the two was replaced or moved.</summary>
    NotLinked,

    /// <summary>It was removed.</summary>
    Missing,

    /// <summary>It was never written by an outbox: the chain ends before it.</summary>
    Added,
}
