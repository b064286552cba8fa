using Microsoft.Data.Sqlite;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Reads the marks of a chain.</summary>
internal static class ChainCheckpoints
{
    public static ChainCheckpoint Read(SqliteConnection connection, string mark)
    {
        using var read = new Statement(connection, "SELECT sequence, hash FROM chain WHERE mark = $1", 1);
        using var rows = read.Read(mark);
        return rows.Read() && rows.GetFieldValue<byte[]>(1) is { Length: RecordHash.Length } hash
            ? new ChainCheckpoint(rows.GetInt64(0), hash)
            : throw new SqliteException($"The mark '{mark}' of the chain is missing or damaged.", 11);
    }
}
