namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Adds a held call if the file has room for it.</summary>
internal sealed class AddHeldCallWork(HeldCallEntry entry, byte[] protectedEntry, string path) : OutboxWorkWithResult<HeldCallEntry>
{
    private bool _isAdded;

    public override void Write(OutboxStore store)
    {
        _isAdded = store.TryReserve(300 + protectedEntry.Length + (entry.Id.Length * 2) + (entry.SessionId.Length * 2));
        if (_isAdded)
        {
            store.HeldCalls.Add(entry, protectedEntry);
        }
    }

    public override void Complete(OutboxStore store)
    {
        if (_isAdded)
        {
            base.Complete(store);
            return;
        }

        Fail(new OutboxException(
            OutboxFailure.NoRoom, $"The outbox '{path}' is full: a held call was not written. Raise MaxBytes, or check why the Thoth API cannot be reached."));
    }

    protected override HeldCallEntry Result(OutboxStore store) => entry;
}
