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

    public static EventRow Read(SqliteDataReader reader) => new()
    {
        Seq = reader.Integer("seq"),
        Tenant = reader.Text("tenant")!,
        EventId = reader.Text("event_id")!,
        ReceivedAt = reader.Time("received_at"),
        OccurredAt = reader.Time("occurred_at"),
        Type = reader.Text("type")!,
        Phase = reader.Text("phase"),
        Tool = reader.Text("tool"),
        Session = reader.Text("session")!,
        Agent = reader.Text("agent"),
        User = reader.Text("user"),
        Decision = reader.Text("decision"),
        Code = reader.Text("code"),
        DurationMs = reader.Number("duration_ms"),
        Action = reader.Text("action"),
        Json = reader.Text("json")!,
    };
}
