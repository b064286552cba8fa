using Microsoft.Data.Sqlite;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Creates and checks the tables of an outbox. <c>chain</c> has two marks: the newest record, and the newest deleted record.</summary>
internal static class OutboxSchema
{
    /// <summary>"Thth", which marks a database as an outbox.</summary>
    public const long ApplicationId = 0x54687468;

    /// <summary>Version 2 added held calls.</summary>
    private const long Version = 2;

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

    private const string HeldCalls = """
        CREATE TABLE held_calls (
            id TEXT PRIMARY KEY,
            session_id TEXT NOT NULL,
            attestation_id TEXT NOT NULL,
            version INTEGER NOT NULL,
            is_used INTEGER NOT NULL,
            held INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            entry BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX held_calls_of_session ON held_calls (session_id);
        CREATE INDEX held_calls_by_attestation ON held_calls (attestation_id);
        """;

    public static void Ensure(SqliteConnection connection, string path, OutboxSync sync, bool check)
    {
        var (application, version, tables) = (
            Number(connection, "PRAGMA application_id"), Number(connection, "PRAGMA user_version"),
            Number(connection, "SELECT count(*) FROM sqlite_schema"));
        var isFresh = application == 0 && tables == 0;
        if (!isFresh && (application != ApplicationId || version is < 1 or > Version))
        {
            throw new OutboxException(
                OutboxFailure.Unreadable,
                $"'{path}' is not an outbox, or one of another version of this library. Give the outbox its own file.");
        }

        if (check && !isFresh && Text(connection, "PRAGMA quick_check(1)") != "ok")
        {
            throw new SqliteException($"'{path}' does not pass its check.", 11);
        }

        // FULL syncs the write-ahead log at each commit, NORMAL only at checkpoints.
        Run(connection, "PRAGMA journal_mode = WAL");
        Run(connection, sync == OutboxSync.Full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        Run(connection, "PRAGMA journal_size_limit = 4194304");
        if (isFresh)
        {
            using var transaction = connection.BeginTransaction();
            Run(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}; {Tables} {HeldCalls}");
            transaction.Commit();
        }
        else if (version < Version)
        {
            using var transaction = connection.BeginTransaction();
            Run(connection, $"PRAGMA user_version = {Version}; {HeldCalls}");
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
