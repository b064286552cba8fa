using Microsoft.Data.Sqlite;

namespace Thoth.Enforcer.Storage;

/// <summary>Counts the permitted calls by tenant, agent, session and tool.</summary>
internal static class CallCountTable
{
    /// <summary>Gets the permitted calls of a session by tool.</summary>
    public static Dictionary<string, long> Of(SqliteConnection connection, EnforcementContext session) => connection.Query(
        static reader => KeyValuePair.Create(reader.GetString(0), reader.GetInt64(1)),
        "SELECT tool, calls FROM call_counts WHERE tenant = @tenant AND agent = @agent AND session = @session",
        ("@tenant", session.TenantId),
        ("@agent", session.AgentId),
        ("@session", session.SessionId)).ToDictionary(StringComparer.Ordinal);

    /// <summary>Counts a call.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="request">The call.</param>
    /// <param name="action">Identifies the call: a repeated request about it counts once. <see langword="null"/>: each request is a call.</param>
    /// <param name="now">The time, for the retention.</param>
    public static void Add(SqliteConnection connection, EnforcementRequest request, byte[]? action, DateTimeOffset now)
    {
        var session = request.Context;
        ReadOnlySpan<(string, object?)> parameters =
        [
            ("@tenant", session.TenantId),
            ("@agent", session.AgentId),
            ("@session", session.SessionId),
            ("@tool", request.ToolName),
            ("@action", action),
            ("@now", now.ToUnixTimeMilliseconds()),
        ];
        var isRepeated = action is not null && connection.Execute(
            """
            INSERT INTO counted_calls (tenant, agent, session, action, at) VALUES (@tenant, @agent, @session, @action, @now)
            ON CONFLICT (tenant, agent, session, action) DO NOTHING
            """,
            parameters) == 0;
        if (!isRepeated)
        {
            connection.Execute(
                """
                INSERT INTO call_counts (tenant, agent, session, tool, calls, last_at) VALUES (@tenant, @agent, @session, @tool, 1, @now)
                ON CONFLICT (tenant, agent, session, tool) DO UPDATE SET calls = calls + 1, last_at = @now
                """,
                parameters);
        }
    }

    /// <summary>Deletes the counts of sessions in which no call was permitted since a time.</summary>
    public static void DeleteBefore(SqliteConnection connection, DateTimeOffset before) => connection.Execute(
        """
        DELETE FROM counted_calls WHERE at < @before;
        DELETE FROM call_counts WHERE last_at < @before;
        """,
        ("@before", before.ToUnixTimeMilliseconds()));
}
