namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Appends events in their order, all of them or, where there is no room, none after the first that does not fit.</summary>
internal sealed class AppendWork(IReadOnlyList<OutboxEntry> entries, string path) : OutboxWorkWithResult<long>
{
    private int _written;

    public override void Write(OutboxStore store)
    {
        _written = 0;
        while (_written < entries.Count && store.Append(entries[_written]))
        {
            _written++;
        }
    }

    public override void Complete(OutboxStore store)
    {
        if (_written == entries.Count)
        {
            base.Complete(store);
            return;
        }

        Fail(new OutboxException(
            OutboxFailure.NoRoom,
            $"The outbox '{path}' is full: {entries.Count - _written} of {entries.Count} events were not written; raise MaxBytes, or let the Thoth API be reached.")
        {
            Written = _written,
        });
    }

    protected override long Result(OutboxStore store) => store.Head.Sequence;
}
