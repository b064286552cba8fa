namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Reads what waits to be sent; it is known to be on disk once the group is committed.</summary>
internal sealed class ReadWork(long after, int limit) : OutboxWorkWithResult<IReadOnlyList<WaitingEvent>>
{
    private IReadOnlyList<WaitingEvent> _events = [];

    public override void Write(OutboxStore store) => _events = store.ReadWaiting(after, limit);

    protected override IReadOnlyList<WaitingEvent> Result(OutboxStore store) => _events;
}
