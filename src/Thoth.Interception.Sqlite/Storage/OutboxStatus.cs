namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Represents the state of an outbox. The writer thread sets it; any thread reads it.</summary>
internal sealed class OutboxStatus
{
    /// <summary>The sequence number of the newest committed record.</summary>
    public long Head { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The number of unsent events after the last transaction.</summary>
    public long Waiting { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The number of unsent events that were deleted to make room.</summary>
    public long Dropped { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The number of unsent events in damaged files that were set aside while in use.</summary>
    public long Lost { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>Whether the file has been opened and <see cref="Found"/> and <see cref="FoundUpTo"/> are set.</summary>
    public bool WasOpened { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The number of unsent events of an earlier process, the outcomes of its open calls included.</summary>
    public long Found { get; set; }

    /// <summary>The sequence number of the newest record of an earlier process.</summary>
    public long FoundUpTo { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The number of calls that were found without an outcome and got one.</summary>
    public int Interrupted { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>Whether the last transaction failed.</summary>
    public bool IsFailing { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>Whether there was no room for the last record.</summary>
    public bool IsFull { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>Whether the last transaction was committed and there was room.</summary>
    public bool IsWritable => !IsFailing && !IsFull;
}
