namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Appends records in their order, up to the first one that does not fit.</summary>
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
            $"The outbox '{path}' is full: {entries.Count - _written} of {entries.Count} events were not written. Raise MaxBytes, or check why the Thoth API cannot be reached.")
        {
            Written = _written,
        });
    }

    protected override long Result(OutboxStore store) => store.Head.Sequence;
}
