using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Thoth.Enforcer.Storage;

/// <summary>Reads and writes the table of decisions.</summary>
internal static class DecisionTable
{
    private const string Insert =
        """
        INSERT INTO decisions (id, tenant, at, tool, session, agent, user, environment, mode, decision, code, reason, rules, risk, latency_ms, action, hold)
        VALUES (@id, @tenant, @at, @tool, @session, @agent, @user, @environment, @mode, @decision, @code, @reason, @rules, @risk, @latency, @action, @hold)
        """;

    public static void Add(SqliteConnection connection, DecisionRow row) => connection.Execute(
        Insert,
        ("@id", row.Id),
        ("@tenant", row.Tenant),
        ("@at", row.At.ToUnixTimeMilliseconds()),
        ("@tool", row.Tool),
        ("@session", row.Session),
        ("@agent", row.Agent),
        ("@user", row.User),
        ("@environment", row.Environment),
        ("@mode", row.Mode),
        ("@decision", row.Decision),
        ("@code", row.Code),
        ("@reason", row.Reason),
        ("@rules", JsonSerializer.Serialize(row.Rules)),
        ("@risk", row.Risk),
        ("@latency", row.LatencyMs),
        ("@action", row.Action),
        ("@hold", row.Hold));

    /// <summary>Finds the decision with this id.</summary>
    public static DecisionRow? Find(SqliteConnection connection, string tenant, string id) =>
        connection.Query(Read, "SELECT * FROM decisions WHERE id = @id AND tenant = @tenant", ("@id", id), ("@tenant", tenant)).SingleOrDefault();

    /// <summary>Finds the last decision about a tool in a session.</summary>
    public static DecisionRow? Last(SqliteConnection connection, string tenant, string session, string tool) =>
        connection.Query(
            Read,
            "SELECT * FROM decisions WHERE tenant = @tenant AND session = @session AND tool = @tool ORDER BY seq DESC LIMIT 1",
            ("@tenant", tenant),
            ("@session", session),
            ("@tool", tool)).SingleOrDefault();

    public static DecisionRow Read(SqliteDataReader reader)
    {
        var row = new RowReader(reader);
        return new DecisionRow
        {
            Seq = row.Integer("seq"),
            Id = row.Text("id"),
            Tenant = row.Text("tenant"),
            At = row.Time("at"),
            Tool = row.Text("tool"),
            Session = row.Text("session"),
            Agent = row.Text("agent"),
            User = row.Text("user"),
            Environment = row.Text("environment"),
            Mode = row.Text("mode"),
            Decision = row.Text("decision"),
            Code = row.OptionalText("code"),
            Reason = row.OptionalText("reason"),
            Rules = row.Names("rules"),
            Risk = row.Number("risk"),
            LatencyMs = row.Number("latency_ms") ?? 0,
            Action = row.OptionalText("action"),
            Hold = row.OptionalText("hold"),
            IsUnreadable = row.IsUnreadable,
        };
    }
}
