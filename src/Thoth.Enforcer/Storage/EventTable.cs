using Microsoft.Data.Sqlite;

namespace Thoth.Enforcer.Storage;

/// <summary>Reads and writes the table of events.</summary>
internal static class EventTable
{
    private const string Insert =
        """
        INSERT INTO events (tenant, event_id, received_at, occurred_at, type, phase, tool, session, agent, user, decision, code, duration_ms, action, json)
        VALUES (@tenant, @id, @received, @occurred, @type, @phase, @tool, @session, @agent, @user, @decision, @code, @duration, @action, @json)
        ON CONFLICT (tenant, event_id) DO NOTHING
        """;

    /// <returns>Whether the event is new: one that was delivered before is not stored again.</returns>
    public static bool Add(SqliteConnection connection, EventRow row) => connection.Execute(
        Insert,
        ("@tenant", row.Tenant),
        ("@id", row.EventId),
        ("@received", row.ReceivedAt.ToUnixTimeMilliseconds()),
        ("@occurred", row.OccurredAt.ToUnixTimeMilliseconds()),
        ("@type", row.Type),
        ("@phase", row.Phase),
        ("@tool", row.Tool),
        ("@session", row.Session),
        ("@agent", row.Agent),
        ("@user", row.User),
        ("@decision", row.Decision),
        ("@code", row.Code),
        ("@duration", row.DurationMs),
        ("@action", row.Action),
        ("@json", row.Json)) == 1;

    /// <summary>Gets when the tool of a call ran, by the events of the call.</summary>
    public static DateTimeOffset? RanAt(SqliteConnection connection, string tenant, string session, string tool, string action) => connection.Query(
        static reader => reader.OptionalTime("at"),
        """
        SELECT MIN(occurred_at) AS at FROM events
        WHERE tenant = @tenant AND session = @session AND tool = @tool AND action = @action AND type = 'TOOL_CALL_POST'
        """,
        ("@tenant", tenant),
        ("@session", session),
        ("@tool", tool),
        ("@action", action)).Single();

    public static EventRow Read(SqliteDataReader reader)
    {
        var row = new RowReader(reader);
        return new EventRow
        {
            Seq = row.Integer("seq"),
            Tenant = row.Text("tenant"),
            EventId = row.Text("event_id"),
            ReceivedAt = row.Time("received_at"),
            OccurredAt = row.Time("occurred_at"),
            Type = row.Text("type"),
            Phase = row.OptionalText("phase"),
            Tool = row.OptionalText("tool"),
            Session = row.Text("session"),
            Agent = row.OptionalText("agent"),
            User = row.OptionalText("user"),
            Decision = row.OptionalText("decision"),
            Code = row.OptionalText("code"),
            DurationMs = row.Number("duration_ms"),
            Action = row.OptionalText("action"),
            Json = row.Text("json"),
        };
    }
}
