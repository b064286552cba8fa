namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Something that the writer is asked to do.</summary>
internal abstract class OutboxWork
{
    /// <summary>Within the transaction of its group. May run again, where the group failed on a damaged file.</summary>
    public abstract void Write(OutboxStore store);

    /// <summary>After the commit. Touches the file no more: a failure now would make others of the group take what is written for failed.</summary>
    public abstract void Complete(OutboxStore store);

    public abstract void Fail(OutboxException exception);
}
