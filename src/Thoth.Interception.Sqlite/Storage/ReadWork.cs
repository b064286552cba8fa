namespace Thoth.Interception;

/// <summary>Reads what waits to be sent, as it is on disk.</summary>
internal sealed class ReadWork(long after, int limit) : OutboxWorkWithResult<IReadOnlyList<WaitingEvent>>
{
    protected override IReadOnlyList<WaitingEvent> Result(OutboxStore store) => store.ReadWaiting(after, limit);
}
