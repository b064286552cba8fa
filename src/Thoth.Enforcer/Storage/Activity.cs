namespace Thoth.Enforcer.Storage;

/// <summary>Reads decisions and events for the pages, newest first, and counts them.</summary>
internal sealed class Activity(EnforcerDatabase database)
{
    private const string Narrowed =
        """
        (@tenant IS NULL OR tenant = @tenant) AND (@tool IS NULL OR tool = @tool) AND (@decision IS NULL OR decision = @decision)
        AND (@session IS NULL OR session = @session) AND (@before IS NULL OR seq < @before)
        """;

    public IReadOnlyList<DecisionRow> Decisions(ActivityFilter filter) => database.Read(connection => connection.Query(
        DecisionTable.Read, $"SELECT * FROM decisions WHERE {Narrowed} ORDER BY seq DESC LIMIT @limit", Parameters(filter)));

    public IReadOnlyList<EventRow> Events(ActivityFilter filter) => database.Read(connection => connection.Query(
        EventTable.Read, $"SELECT * FROM events WHERE {Narrowed} ORDER BY seq DESC LIMIT @limit", Parameters(filter)));

    /// <summary>Gets the decisions, answers and events of a session in the order in which they occurred.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="session">The session.</param>
    /// <param name="limit">The largest number of each kind; the newest are returned.</param>
    public IReadOnlyList<TimelineEntry> Timeline(string tenant, string session, int limit = 500)
    {
        var filter = new ActivityFilter { Tenant = tenant, Session = session, Limit = limit };
        return [.. Decisions(filter).Select(static row => new TimelineEntry { At = row.At, Decision = row }).Reverse()
            .Concat(Answers(tenant, session, limit).Select(static row => new TimelineEntry { At = row.At, Answer = row }))
            .Concat(Events(filter).Select(static row => new TimelineEntry { At = row.OccurredAt, Event = row }).Reverse())
            .OrderBy(static entry => entry.At)];
    }

    /// <summary>Gets how the held calls of a session ended, in that order.</summary>
    private List<AnswerRow> Answers(string tenant, string session, int limit) => database.Read(connection => connection.Query(
        AnswerRow.Read,
        """
        SELECT * FROM (
          SELECT id, decided_at, tool, CASE state WHEN 'Refused' THEN 'Approved' ELSE state END AS state, approver, answer FROM holds
          WHERE tenant = @tenant AND session = @session AND decided_at IS NOT NULL ORDER BY decided_at DESC LIMIT @limit)
        ORDER BY decided_at
        """,
        ("@tenant", tenant),
        ("@session", session),
        ("@limit", limit)));

    /// <summary>Counts the decisions since a point in time in spans of equal length; empty spans are left out.</summary>
    public IReadOnlyList<DecisionCount> Counts(DateTimeOffset since, TimeSpan span) =>
        database.Read(connection => connection.Query(
            static reader => new DecisionCount(reader.Time("start"), reader.Text("decision")!, reader.Integer("count")),
            """
            SELECT at / @span * @span AS start, decision, COUNT(*) AS count FROM decisions
            WHERE at >= @since GROUP BY start, decision ORDER BY start
            """,
            ("@span", (long)span.TotalMilliseconds),
            ("@since", since.ToUnixTimeMilliseconds())));

    /// <summary>Counts how often each rule took part in a decision.</summary>
    public IReadOnlyDictionary<string, long> RuleHits(DateTimeOffset since) =>
        database.Read(connection => connection.Query(
            static reader => (Rule: reader.Text("rule")!, Count: reader.Integer("count")),
            """
            SELECT each.value AS rule, COUNT(*) AS count
            FROM decisions, json_each(CASE WHEN json_valid(decisions.rules) THEN decisions.rules ELSE '[]' END) AS each
            WHERE at >= @since AND each.type = 'text' GROUP BY each.value
            """,
            ("@since", since.ToUnixTimeMilliseconds()))).ToDictionary(static hit => hit.Rule, static hit => hit.Count, StringComparer.Ordinal);

    /// <summary>Gets the names of the tools that have decisions.</summary>
    public IReadOnlyList<string> Tools() => database.Read(connection => connection.Query(
        static reader => reader.GetString(0), "SELECT DISTINCT tool FROM decisions ORDER BY tool LIMIT 1000"));

    private static (string Name, object? Value)[] Parameters(ActivityFilter filter) =>
    [
        ("@tenant", filter.Tenant),
        ("@tool", filter.Tool),
        ("@decision", filter.Decision),
        ("@session", filter.Session),
        ("@before", filter.Before),
        ("@limit", Math.Clamp(filter.Limit, 1, 1000)),
    ];
}
