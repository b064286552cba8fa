using System.Text.Json;
using Microsoft.Extensions.Logging;
using Thoth.Interception.Sqlite.Storage;

namespace Thoth.Interception.Sqlite.HeldCalls;

/// <summary>
/// Stores held calls in the file of the outbox, where they survive a restart. Its one writer decides which of several changes wins.
/// Each call is encrypted as a whole.
/// </summary>
internal sealed class SqliteHeldCallStore(SqliteOutbox outbox, HeldCallKey key, TimeProvider time, ILogger logger) : IHeldCallStore
{
    /// <summary>How long an expired call that cannot be decrypted is kept, in case its key is restored.</summary>
    private static readonly TimeSpan s_keepUnreadable = TimeSpan.FromDays(30);

    public async ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken)
    {
        // A write that was begun is not cancelled: it would be stored although its caller was told that it is not.
        cancellationToken.ThrowIfCancellationRequested();
        return await outbox.RunAsync(new AddHeldCallWork(entry, Protect(entry), outbox.Path)).ConfigureAwait(false);
    }

    public async ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken)
    {
        var row = await outbox.RunAsync(new HeldCallWork<HeldCallRow?>(table => table.Get(id))).WaitAsync(cancellationToken).ConfigureAwait(false);
        return row is null ? null : EntryOf(row);
    }

    public async ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken)
    {
        var rows = await outbox.RunAsync(new HeldCallWork<IReadOnlyList<HeldCallRow>>(table => table.List(sessionId)))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var entries = new List<HeldCallEntry>(rows.Count);
        var oldest = time.GetUtcNow() - s_keepUnreadable;
        foreach (var row in rows)
        {
            if (EntryOf(row) is { } entry)
            {
                entries.Add(entry);
            }
            else if (row.ExpiresAt < oldest)
            {
                await RemoveAsync(row.Id, cancellationToken).ConfigureAwait(false);
            }
        }

        if (sessionId is null && entries.Count < rows.Count)
        {
            OutboxLog.UnreadableHeldCalls(logger, outbox.Path, rows.Count - entries.Count);
        }

        return entries;
    }

    public async ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var stored = Protect(entry);
        return await outbox.RunAsync(new HeldCallWork<bool>(table => table.TryReplace(entry, stored))).ConfigureAwait(false);
    }

    public async ValueTask RemoveAsync(string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await outbox.RunAsync(new HeldCallWork<bool>(table => table.Remove(id))).ConfigureAwait(false);
    }

    private byte[] Protect(HeldCallEntry entry) => key.Protect(JsonSerializer.SerializeToUtf8Bytes(entry), entry.Id, entry.Version);

    private HeldCallEntry? EntryOf(HeldCallRow row) =>
        key.Unprotect(row.ProtectedEntry, row.Id, row.Version) is { } plain ? JsonSerializer.Deserialize<HeldCallEntry>(plain) : null;
}
