namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Marks events as sent.</summary>
internal sealed class CheckpointWork(IReadOnlyList<long> sequences, bool whole) : OutboxWorkWithResult<int>
{
    private int _marked;

    public override void Write(OutboxStore store) => _marked = store.Mark(sequences, whole);

    protected override int Result(OutboxStore store) => _marked;
}
