namespace Thoth.Interception.Sqlite;

/// <summary>Why an outbox could not do what it was asked for.</summary>
public enum OutboxFailure
{
    /// <summary>Another process, or another outbox of this one, has the file.</summary>
    InUse = 0,

    /// <summary>The disk is full, or the outbox is as large as <see cref="SqliteOutboxOptions.MaxBytes"/> allows.</summary>
    NoRoom,

    /// <summary>The file or its folder cannot be written.</summary>
    NotWritable,

    /// <summary>The file is missing, damaged, or no outbox.</summary>
    Unreadable,

    /// <summary>The outbox is closed.</summary>
    Closed,
}
