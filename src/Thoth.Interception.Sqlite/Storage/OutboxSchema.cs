using Microsoft.Data.Sqlite;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>The tables of an outbox. <c>chain</c> holds two marks: the newest record, and the newest one that was deleted.</summary>
internal static class OutboxSchema
{
    /// <summary>"Thth", by which an outbox is told from a database of something else.</summary>
    public const long ApplicationId = 0x54687468;

    private const long Version = 1;

    private const string Tables = """
        CREATE TABLE records (
            sequence INTEGER PRIMARY KEY,
            event_id TEXT NOT NULL,
            session_id TEXT NOT NULL,
            attestation_id TEXT NOT NULL,
            phase TEXT NOT NULL,
            json BLOB NOT NULL,
            created INTEGER NOT NULL,
            sent INTEGER,
            previous BLOB NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        CREATE TABLE chain (mark TEXT PRIMARY KEY, sequence INTEGER NOT NULL, hash BLOB NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO chain VALUES ('head', 0, zeroblob(32)), ('anchor', 0, zeroblob(32));
        CREATE TABLE open_calls (
            attestation_id TEXT PRIMARY KEY,
            session_id TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            json BLOB
        ) STRICT, WITHOUT ROWID;
        """;

    public static void Ensure(SqliteConnection connection, string path, OutboxSync sync, bool check)
    {
        var (application, version, tables) = (
            Number(connection, "PRAGMA application_id"), Number(connection, "PRAGMA user_version"),
            Number(connection, "SELECT count(*) FROM sqlite_schema"));
        var isFresh = application == 0 && tables == 0;
        if (!isFresh && (application != ApplicationId || version != Version))
        {
            throw new OutboxException(
                OutboxFailure.Unreadable,
                $"'{path}' is a database of something else, or an outbox of another version of this library; give the outbox a file of its own.");
        }

        if (check && !isFresh && Text(connection, "PRAGMA quick_check(1)") != "ok")
        {
            throw new SqliteException($"'{path}' does not pass its check.", 11);
        }

        // The log is written to disk at each commit, or now and then; the database itself only when the log is taken over.
        Run(connection, "PRAGMA journal_mode = WAL");
        Run(connection, sync == OutboxSync.Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        Run(connection, "PRAGMA journal_size_limit = 4194304");
        if (isFresh)
        {
            using var transaction = connection.BeginTransaction();
            Run(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; {Tables}");
            transaction.Commit();
        }
    }

    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static string Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
