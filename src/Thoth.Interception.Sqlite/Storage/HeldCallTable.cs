using Microsoft.Data.Sqlite;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Reads and writes the table of held calls, in the transactions of the outbox.</summary>
internal sealed class HeldCallTable : IDisposable
{
    private readonly Statement _add, _get, _ofSession, _all, _replace, _remove;

    public HeldCallTable(SqliteConnection connection)
    {
        _add = new Statement(connection, "INSERT INTO held_calls VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", 8);
        _get = new Statement(connection, "SELECT id, version, expires, entry FROM held_calls WHERE id = $1", 1);
        _ofSession = new Statement(connection, "SELECT id, version, expires, entry FROM held_calls WHERE session_id = $1 ORDER BY held, id", 1);
        _all = new Statement(connection, "SELECT id, version, expires, entry FROM held_calls ORDER BY held, id", 0);
        _replace = new Statement(connection, "UPDATE held_calls SET version = $1, is_used = $2, entry = $3 WHERE id = $4 AND version = $1 - 1", 4);
        _remove = new Statement(connection, "DELETE FROM held_calls WHERE id = $1", 1);
    }

    public void Add(HeldCallEntry entry, byte[] protectedEntry) => _add.Run(
        entry.Id, entry.SessionId, entry.ActionAttestationId, entry.Version, IsUsed(entry), entry.HeldAt.ToUnixTimeMilliseconds(),
        entry.ExpiresAt.ToUnixTimeMilliseconds(), protectedEntry);

    public HeldCallRow? Get(string id)
    {
        using var rows = _get.Read(id);
        return rows.Read() ? RowOf(rows) : null;
    }

    /// <param name="sessionId">The session; <see langword="null"/> for all.</param>
    public IReadOnlyList<HeldCallRow> List(string? sessionId)
    {
        var calls = new List<HeldCallRow>();
        using var rows = sessionId is null ? _all.Read() : _ofSession.Read(sessionId);
        while (rows.Read())
        {
            calls.Add(RowOf(rows));
        }

        return calls;
    }

    /// <returns>Whether the call had the version before.</returns>
    public bool TryReplace(HeldCallEntry entry, byte[] protectedEntry) => _replace.Run(entry.Version, IsUsed(entry), protectedEntry, entry.Id) == 1;

    public bool Remove(string id) => _remove.Run(id) == 1;

    public void Dispose()
    {
        foreach (var statement in new[] { _add, _get, _ofSession, _all, _replace, _remove })
        {
            statement.Dispose();
        }
    }

    private static int IsUsed(HeldCallEntry entry) => entry.State == HeldCallState.Used ? 1 : 0;

    private static HeldCallRow RowOf(SqliteDataReader row) => new(
        row.GetString(0), row.GetInt32(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.GetFieldValue<byte[]>(3));
}
