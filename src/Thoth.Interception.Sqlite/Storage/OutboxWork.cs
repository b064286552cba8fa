namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Represents work for the writer thread.</summary>
internal abstract class OutboxWork
{
    /// <summary>Runs in the transaction of its group. Runs again if the group failed on a damaged file.</summary>
    public abstract void Write(OutboxStore store);

    /// <summary>Runs after the commit. Must not use the file: an exception here would report committed work of the group as failed.</summary>
    public abstract void Complete(OutboxStore store);

    public abstract void Fail(OutboxException exception);
}
