namespace Thoth.Interception.Sqlite;

/// <summary>Specifies why an outbox failed.</summary>
public enum OutboxFailure
{
    /// <summary>Another process, or another outbox of this one, uses the file.</summary>
    InUse = 0,

    /// <summary>The disk is full, or the outbox has reached <see cref="SqliteOutboxOptions.MaxBytes"/>.</summary>
    NoRoom,

    /// <summary>The file or its folder cannot be written.</summary>
    NotWritable,

    /// <summary>The file is missing, damaged, or not an outbox.</summary>
    Unreadable,

    /// <summary>The outbox is closed.</summary>
    Closed,
}
