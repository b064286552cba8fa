using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Storage;

/// <summary>The tables. Times are milliseconds since 1970 in UTC; lists and objects are JSON.</summary>
internal static class Schema
{
    private const string FirstTables =
        """
        CREATE TABLE decisions (
          seq INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          tenant TEXT NOT NULL,
          at INTEGER NOT NULL,
          tool TEXT NOT NULL,
          session TEXT NOT NULL,
          agent TEXT NOT NULL,
          user TEXT NOT NULL,
          environment TEXT NOT NULL,
          mode TEXT NOT NULL,
          decision TEXT NOT NULL,
          code TEXT,
          reason TEXT,
          rules TEXT NOT NULL,
          risk REAL,
          latency_ms REAL NOT NULL,
          action TEXT,
          hold TEXT
        );
        CREATE INDEX decisions_by_time ON decisions (at);
        CREATE INDEX decisions_by_session ON decisions (tenant, session, seq);

        CREATE TABLE holds (
          seq INTEGER PRIMARY KEY,
          id TEXT NOT NULL UNIQUE,
          token_hash BLOB NOT NULL UNIQUE,
          tenant TEXT NOT NULL,
          state TEXT NOT NULL,
          tool TEXT NOT NULL,
          arguments TEXT NOT NULL,
          arguments_to_run TEXT,
          arguments_hash TEXT NOT NULL,
          session TEXT NOT NULL,
          agent TEXT NOT NULL,
          user TEXT NOT NULL,
          environment TEXT NOT NULL,
          intent TEXT,
          purpose TEXT,
          history TEXT NOT NULL,
          verdict TEXT NOT NULL,
          decision_id TEXT NOT NULL,
          action TEXT,
          trace TEXT,
          held_at INTEGER NOT NULL,
          expires_at INTEGER NOT NULL,
          decided_at INTEGER,
          approver TEXT,
          answer TEXT,
          delivered_at INTEGER
        );
        CREATE INDEX holds_by_state ON holds (state, expires_at);
        CREATE INDEX holds_by_tenant ON holds (tenant, state, seq);

        CREATE TABLE events (
          seq INTEGER PRIMARY KEY,
          tenant TEXT NOT NULL,
          event_id TEXT NOT NULL,
          received_at INTEGER NOT NULL,
          occurred_at INTEGER NOT NULL,
          type TEXT NOT NULL,
          phase TEXT,
          tool TEXT,
          session TEXT NOT NULL,
          agent TEXT,
          user TEXT,
          decision TEXT,
          code TEXT,
          duration_ms REAL,
          action TEXT,
          json TEXT NOT NULL,
          UNIQUE (tenant, event_id)
        );
        CREATE INDEX events_by_time ON events (received_at);
        CREATE INDEX events_by_session ON events (tenant, session, seq);
        """;

    private const string CallerAndRun =
        """
        ALTER TABLE holds ADD COLUMN last_polled_at INTEGER;
        ALTER TABLE holds ADD COLUMN ran_at INTEGER;
        CREATE INDEX holds_by_session ON holds (tenant, session);
        CREATE INDEX holds_by_action ON holds (tenant, action) WHERE action IS NOT NULL;
        CREATE TABLE ended_sign_ins (
          id TEXT PRIMARY KEY,
          until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE write_trials (
          id INTEGER PRIMARY KEY,
          filler BLOB NOT NULL
        );
        """;

    private const string Reveals =
        """
        CREATE TABLE reveals (
          seq INTEGER PRIMARY KEY,
          hold TEXT NOT NULL,
          who TEXT NOT NULL,
          at INTEGER NOT NULL
        );
        CREATE INDEX reveals_by_hold ON reveals (hold);
        """;

    private const string CallCounts =
        """
        ALTER TABLE holds ADD COLUMN request TEXT;
        CREATE TABLE call_counts (
          tenant TEXT NOT NULL,
          agent TEXT NOT NULL,
          session TEXT NOT NULL,
          tool TEXT NOT NULL,
          calls INTEGER NOT NULL,
          last_at INTEGER NOT NULL,
          PRIMARY KEY (tenant, agent, session, tool)
        ) WITHOUT ROWID;
        CREATE INDEX call_counts_by_time ON call_counts (last_at);
        CREATE TABLE counted_calls (
          tenant TEXT NOT NULL,
          agent TEXT NOT NULL,
          session TEXT NOT NULL,
          action BLOB NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY (tenant, agent, session, action)
        ) WITHOUT ROWID;
        CREATE INDEX counted_calls_by_time ON counted_calls (at);
        """;

    private const string Refusals = "ALTER TABLE holds ADD COLUMN refusal TEXT;";

    private const string DeliveredNonces = "ALTER TABLE holds ADD COLUMN delivered_nonce BLOB;";

    /// <summary>The steps from an empty file to the current version. A released step never changes: a new version adds one.</summary>
    private static readonly string[] s_steps = [FirstTables, CallerAndRun, CallCounts, Reveals, Refusals, DeliveredNonces];

    /// <summary>Creates the tables, or upgrades those of an earlier version.</summary>
    /// <exception cref="UsageException">The file was written by a later version or by another program.</exception>
    public static void Ensure(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        var version = connection.Scalar<long>("PRAGMA user_version");
        if (version < 0 || version > s_steps.Length || (version == 0 && connection.Scalar<long>("SELECT COUNT(*) FROM sqlite_master") > 0))
        {
            throw new UsageException(
                $"The database '{connection.DataSource}' was written by a later version of the enforcer or by another program. Name another file with --database.");
        }

        foreach (var step in s_steps.AsSpan((int)version))
        {
            connection.Execute(step);
        }

        connection.Execute($"PRAGMA user_version = {s_steps.Length}");
        transaction.Commit();
    }
}
