namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Marks a range of events as sent.</summary>
internal sealed class CheckpointWork(long first, long last) : OutboxWorkWithResult<int>
{
    private int _marked;

    public override void Write(OutboxStore store) => _marked = store.Mark(first, last);

    protected override int Result(OutboxStore store) => _marked;
}
