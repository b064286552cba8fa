using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Storage;

/// <summary>The tables. Times are milliseconds since 1970 in UTC; lists and objects are JSON.</summary>
internal static class Schema
{
    private const int Version = 1;

    private const string Tables =
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

    /// <exception cref="UsageException">The file was written by another version or by another program.</exception>
    public static void Ensure(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        var version = connection.Scalar<long>("PRAGMA user_version");
        if (version == 0 && connection.Scalar<long>("SELECT COUNT(*) FROM sqlite_master") == 0)
        {
            connection.Execute(Tables);
            connection.Execute($"PRAGMA user_version = {Version}");
        }
        else if (version != Version)
        {
            throw new UsageException(
                $"The database '{connection.DataSource}' was not written by this version of the enforcer. Name another file with --database.");
        }

        transaction.Commit();
    }
}
