using System.Text;
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
          intent, purpose, history, verdict, request, decision_id, action, trace, held_at, expires_at)
        VALUES (@id, @token, @tenant, @state, @tool, @arguments, @run, @hash, @session, @agent, @user, @environment,
          @intent, @purpose, @history, @verdict, @request, @decision, @action, @trace, @held, @expires)
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
        ("@request", row.Request),
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

    /// <param name="connection">The writer's connection.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="aboutAnyArguments">Whether the answer counts even if it does not name the held arguments.</param>
    /// <returns>Whether the answer counts: it is the first one, in time, and names the held arguments.</returns>
    public static bool Decide(SqliteConnection connection, HoldAnswerRow answer, bool aboutAnyArguments) => connection.Execute(
        $"""
        UPDATE holds SET state = @state, decided_at = @now, approver = @approver, answer = @answer
        WHERE id = @id AND (arguments_hash = @hash OR @any) AND {IsPending}
        """,
        [
            .. TimesOf(answer.At),
            ("@state", answer.State.ToString()),
            ("@approver", answer.Approver),
            ("@answer", answer.Reason),
            ("@id", answer.Id),
            ("@hash", answer.ArgumentsHash),
            ("@any", aboutAnyArguments),
        ]) == 1;

    /// <summary>Records that the caller polled.</summary>
    public static int Polled(SqliteConnection connection, string id, DateTimeOffset now) => connection.Execute(
        "UPDATE holds SET last_polled_at = @now WHERE id = @id AND state = 'Pending'", ("@id", id), ("@now", now.ToUnixTimeMilliseconds()));

    /// <summary>Finds the waiting calls whose caller came to count as gone after one time and until another.</summary>
    public static List<(string Tenant, string Id)> CallerGone(SqliteConnection connection, DateTimeOffset after, DateTimeOffset until) => connection.Query(
        static reader => (reader.GetString(0), reader.GetString(1)),
        "SELECT tenant, id FROM holds WHERE state = 'Pending' AND expires_at > @now AND last_polled_at > @after AND last_polled_at <= @gone",
        [.. TimesOf(until), ("@after", (after - HoldRow.CallerGoneAfter).ToUnixTimeMilliseconds())]);

    /// <summary>
    /// Delivers an approval. It is delivered in time, and again for a short while if the response may have been lost: the call is then
    /// known by its action id, to which the response is bound, and no event shows that it has run. A call that was made again is also
    /// known by its nonce; another attempt has another one.
    /// </summary>
    /// <returns>Whether the approval is delivered.</returns>
    public static bool Deliver(SqliteConnection connection, string id, byte[]? nonceHash, DateTimeOffset now) => connection.Execute(
        """
        UPDATE holds SET delivered_nonce = CASE WHEN delivered_at IS NULL THEN @nonce ELSE delivered_nonce END,
          delivered_at = COALESCE(delivered_at, @now)
        WHERE id = @id AND state = 'Approved' AND CASE WHEN delivered_at IS NULL THEN expires_at > @now
          ELSE delivered_at > @again AND delivered_nonce IS @nonce AND action IS NOT NULL AND ran_at IS NULL END
        """,
        ("@id", id),
        ("@nonce", nonceHash),
        ("@now", now.ToUnixTimeMilliseconds()),
        ("@again", (now - HoldRow.DeliveredAgainFor).ToUnixTimeMilliseconds())) == 1;

    /// <summary>Records that the tool of a released call ran. An event before the release is about another call with the same action id.</summary>
    public static int Ran(SqliteConnection connection, EventRow row) => connection.Execute(
        """
        UPDATE holds SET ran_at = @at
        WHERE tenant = @tenant AND action = @action AND session = @session AND tool = @tool AND state = 'Approved'
          AND delivered_at IS NOT NULL AND ran_at IS NULL
        """,
        ("@at", row.OccurredAt.ToUnixTimeMilliseconds()),
        ("@tenant", row.Tenant),
        ("@action", row.Action),
        ("@session", row.Session),
        ("@tool", row.Tool));

    /// <summary>Records, in the transaction of the delivery, that the call is refused instead.</summary>
    /// <param name="connection">The writer's connection.</param>
    /// <param name="id">The hold's id.</param>
    /// <param name="refusal">The refusing decision.</param>
    /// <param name="decisionId">The id under which it is recorded.</param>
    public static void Refuse(SqliteConnection connection, string id, EnforcementDecision refusal, string decisionId) => connection.Execute(
        "UPDATE holds SET state = 'Refused', delivered_at = NULL, delivered_nonce = NULL, refusal = @refusal WHERE id = @id",
        ("@refusal", JsonSerializer.Serialize(ResponseWriter.Of(refusal, decisionId), ApiJson.Options)),
        ("@id", id));

    /// <returns>The holds that this call expired.</returns>
    public static List<(string Tenant, string Id, string Tool)> Expire(SqliteConnection connection, DateTimeOffset now) => connection.Query(
        static reader => (reader.GetString(0), reader.GetString(1), reader.GetString(2)),
        "UPDATE holds SET state = 'Expired', decided_at = expires_at WHERE state = 'Pending' AND expires_at <= @now RETURNING tenant, id, tool",
        ("@now", now.ToUnixTimeMilliseconds()));

    /// <summary>
    /// Reads a row. If a part of it cannot be read, the row is marked, and has defaults with which it never runs: it can be shown and
    /// denied.
    /// </summary>
    public static HoldRow Read(SqliteDataReader reader)
    {
        var row = new RowReader(reader);
        return new HoldRow
        {
            Seq = row.Integer("seq"),
            Id = row.Text("id"),
            TokenHash = row.Bytes("token_hash"),
            Tenant = row.Text("tenant"),
            State = row.Value("state", static text => Enum.Parse<HoldState>(text), HoldState.Expired),
            Tool = row.Text("tool"),
            Arguments = row.Value("arguments", ReadableJson, "{}"),
            ArgumentsToRun = row.OptionalText("arguments_to_run") is null ? null : row.Value("arguments_to_run", ReadableJson, "{}"),
            ArgumentsHash = row.Text("arguments_hash"),
            Session = row.Text("session"),
            Agent = row.Text("agent"),
            User = row.Text("user"),
            Environment = row.Text("environment"),
            Intent = row.OptionalText("intent"),
            Purpose = row.OptionalText("purpose"),
            History = row.Names("history"),
            Verdict = row.Value("verdict", Decision, new EnforcementDecision { Type = DecisionType.StepUp }),
            Refusal = row.OptionalText("refusal") is null ? null : row.Value("refusal", Decision, new EnforcementDecision { Type = DecisionType.Block }),
            Request = row.OptionalText("request"),
            DecisionId = row.Text("decision_id"),
            Action = row.OptionalText("action"),
            Trace = row.OptionalText("trace"),
            HeldAt = row.Time("held_at"),
            ExpiresAt = row.Time("expires_at"),
            DecidedAt = row.OptionalTime("decided_at"),
            Approver = row.OptionalText("approver"),
            Answer = row.OptionalText("answer"),
            DeliveredAt = row.OptionalTime("delivered_at"),
            RanAt = row.OptionalTime("ran_at"),
            LastPolledAt = row.OptionalTime("last_polled_at"),
            IsUnreadable = row.IsUnreadable,
        };
    }

    private static EnforcementDecision? Decision(string text) => JsonSerializer.Deserialize<EnforceResponse>(text, ApiJson.Options)?.ToDecision();

    private static string? ReadableJson(string text) => JsonText.IsReadable(Encoding.UTF8.GetBytes(text), ApiJson.MaxArgumentsDepth) ? text : null;
}
