using System.Text.Json;
using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Serialization;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Holds;

/// <summary>Reads and writes the table of held calls. Each change of state names the state it starts from, so that one of two concurrent changes wins.</summary>
internal static class HoldTable
{
    private const string Insert =
        """
        INSERT INTO holds (id, token_hash, tenant, state, tool, arguments, arguments_to_run, arguments_hash, session, agent, user, environment,
          intent, purpose, history, verdict, decision_id, action, trace, held_at, expires_at)
        VALUES (@id, @token, @tenant, @state, @tool, @arguments, @run, @hash, @session, @agent, @user, @environment,
          @intent, @purpose, @history, @verdict, @decision, @action, @trace, @held, @expires)
        """;

    /// <param name="connection">The writer's connection.</param>
    /// <param name="row">The hold.</param>
    /// <param name="verdict">Its decision's JSON.</param>
    public static void Add(SqliteConnection connection, HoldRow row, string verdict) => connection.Execute(
        Insert,
        ("@id", row.Id),
        ("@token", row.TokenHash),
        ("@tenant", row.Tenant),
        ("@state", row.State.ToString()),
        ("@tool", row.Tool),
        ("@arguments", row.Arguments),
        ("@run", row.ArgumentsToRun),
        ("@hash", row.ArgumentsHash),
        ("@session", row.Session),
        ("@agent", row.Agent),
        ("@user", row.User),
        ("@environment", row.Environment),
        ("@intent", row.Intent),
        ("@purpose", row.Purpose),
        ("@history", JsonSerializer.Serialize(row.History)),
        ("@verdict", verdict),
        ("@decision", row.DecisionId),
        ("@action", row.Action),
        ("@trace", row.Trace),
        ("@held", row.HeldAt.ToUnixTimeMilliseconds()),
        ("@expires", row.ExpiresAt.ToUnixTimeMilliseconds()));

    /// <summary>The condition of <see cref="HoldState.Pending"/> at the time <c>@now</c>, with the parameters of <see cref="TimesOf"/>.</summary>
    public const string IsPending = "(state = 'Pending' AND expires_at > @now AND (last_polled_at IS NULL OR last_polled_at > @gone))";

    public static (string Name, object? Value)[] TimesOf(DateTimeOffset now) =>
    [
        ("@now", now.ToUnixTimeMilliseconds()),
        ("@gone", (now - HoldRow.CallerGoneAfter).ToUnixTimeMilliseconds()),
    ];

    public static long CountPending(SqliteConnection connection, string? tenant, DateTimeOffset now) => connection.Scalar<long>(
        $"SELECT COUNT(*) FROM holds WHERE {IsPending} AND (@tenant IS NULL OR tenant = @tenant)", [.. TimesOf(now), ("@tenant", tenant)]);

    public static HoldRow? FindByToken(SqliteConnection connection, string tenant, byte[] tokenHash) => connection.Query(
        Read, "SELECT * FROM holds WHERE token_hash = @token AND tenant = @tenant", ("@token", tokenHash), ("@tenant", tenant)).SingleOrDefault();

    public static HoldRow? Find(SqliteConnection connection, string id) =>
        connection.Query(Read, "SELECT * FROM holds WHERE id = @id", ("@id", id)).SingleOrDefault();

    /// <returns>Whether the answer counts: it is the first one, in time, and names the held arguments.</returns>
    public static bool Decide(SqliteConnection connection, HoldAnswerRow answer) => connection.Execute(
        $"""
        UPDATE holds SET state = @state, decided_at = @now, approver = @approver, answer = @answer
        WHERE id = @id AND arguments_hash = @hash AND {IsPending}
        """,
        [
            .. TimesOf(answer.At),
            ("@state", answer.State.ToString()),
            ("@approver", answer.Approver),
            ("@answer", answer.Reason),
            ("@id", answer.Id),
            ("@hash", answer.ArgumentsHash),
        ]) == 1;

    /// <summary>Records that the caller polled.</summary>
    public static int Polled(SqliteConnection connection, string id, DateTimeOffset now) => connection.Execute(
        "UPDATE holds SET last_polled_at = @now WHERE id = @id AND state = 'Pending'", ("@id", id), ("@now", now.ToUnixTimeMilliseconds()));

    /// <summary>Finds the waiting calls whose caller came to count as gone after one time and until another.</summary>
    public static List<(string Tenant, string Id)> CallerGone(SqliteConnection connection, DateTimeOffset after, DateTimeOffset until) => connection.Query(
        static reader => (reader.GetString(0), reader.GetString(1)),
        "SELECT tenant, id FROM holds WHERE state = 'Pending' AND expires_at > @now AND last_polled_at > @after AND last_polled_at <= @gone",
        [.. TimesOf(until), ("@after", (after - HoldRow.CallerGoneAfter).ToUnixTimeMilliseconds())]);

    /// <returns>Whether the approval is delivered now: it releases one call, in time, and never a second one.</returns>
    public static bool Deliver(SqliteConnection connection, string id, DateTimeOffset now) => connection.Execute(
        "UPDATE holds SET delivered_at = @now WHERE id = @id AND state = 'Approved' AND delivered_at IS NULL AND expires_at > @now",
        ("@id", id),
        ("@now", now.ToUnixTimeMilliseconds())) == 1;

    /// <returns>The holds that this call expired.</returns>
    public static List<(string Tenant, string Id, string Tool)> Expire(SqliteConnection connection, DateTimeOffset now) => connection.Query(
        static reader => (reader.GetString(0), reader.GetString(1), reader.GetString(2)),
        "UPDATE holds SET state = 'Expired', decided_at = expires_at WHERE state = 'Pending' AND expires_at <= @now RETURNING tenant, id, tool",
        ("@now", now.ToUnixTimeMilliseconds()));

    public static HoldRow Read(SqliteDataReader reader) => new()
    {
        Seq = reader.Integer("seq"),
        Id = reader.Text("id")!,
        TokenHash = reader.GetFieldValue<byte[]>(reader.GetOrdinal("token_hash")),
        Tenant = reader.Text("tenant")!,
        State = Enum.Parse<HoldState>(reader.Text("state")!),
        Tool = reader.Text("tool")!,
        Arguments = reader.Text("arguments")!,
        ArgumentsToRun = reader.Text("arguments_to_run"),
        ArgumentsHash = reader.Text("arguments_hash")!,
        Session = reader.Text("session")!,
        Agent = reader.Text("agent")!,
        User = reader.Text("user")!,
        Environment = reader.Text("environment")!,
        Intent = reader.Text("intent"),
        Purpose = reader.Text("purpose"),
        History = JsonSerializer.Deserialize<string[]>(reader.Text("history")!)!,
        Verdict = JsonSerializer.Deserialize<EnforceResponse>(reader.Text("verdict")!, ApiJson.Options)!.ToDecision(),
        DecisionId = reader.Text("decision_id")!,
        Action = reader.Text("action"),
        Trace = reader.Text("trace"),
        HeldAt = reader.Time("held_at"),
        ExpiresAt = reader.Time("expires_at"),
        DecidedAt = reader.OptionalTime("decided_at"),
        Approver = reader.Text("approver"),
        Answer = reader.Text("answer"),
        DeliveredAt = reader.OptionalTime("delivered_at"),
        RanAt = reader.OptionalTime("ran_at"),
        LastPolledAt = reader.OptionalTime("last_polled_at"),
    };
}
