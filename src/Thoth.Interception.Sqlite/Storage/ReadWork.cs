namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Reads unsent events, which are on disk when the group is committed.</summary>
internal sealed class ReadWork(long after, int limit) : OutboxWorkWithResult<IReadOnlyList<PendingEvent>>
{
    private IReadOnlyList<PendingEvent> _events = [];

    public override void Write(OutboxStore store) => _events = store.ReadPending(after, limit);

    protected override IReadOnlyList<PendingEvent> Result(OutboxStore store) => _events;
}
