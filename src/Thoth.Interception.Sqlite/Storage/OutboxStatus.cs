namespace Thoth.Interception.Sqlite.Storage;

/// <summary>What is known of an outbox. Its writer sets it, anybody reads it.</summary>
internal sealed class OutboxStatus
{
    /// <summary>The newest record that is known to be committed.</summary>
    public long Head { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>How many events were not sent yet when the last transaction ended.</summary>
    public long Waiting { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>How many events that were not sent yet made room for newer ones.</summary>
    public long Dropped { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>How many events that were not sent yet are in files that were set aside while they were in use.</summary>
    public long Lost { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The file could be opened, and what an earlier process left in it was counted.</summary>
    public bool WasOpened { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>How many events of an earlier process were found waiting, the outcomes of its open calls included.</summary>
    public long Found { get; set; }

    /// <summary>The newest record of those.</summary>
    public long FoundUpTo { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>How many calls were found without an outcome, and got one.</summary>
    public int Interrupted { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The last transaction failed.</summary>
    public bool IsFailing { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The last event found no room.</summary>
    public bool IsFull { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The last transaction was committed, and the last event found room.</summary>
    public bool IsWritable => !IsFailing && !IsFull;
}
