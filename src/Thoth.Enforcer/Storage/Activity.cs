namespace Thoth.Enforcer.Storage;

/// <summary>What a person looks at: decisions and events, newest first, and what they add up to.</summary>
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

    /// <summary>One session from its beginning: each decision and each event, by the server's clock.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="session">The session.</param>
    /// <param name="limit">The most of each kind; the newest.</param>
    public IReadOnlyList<TimelineEntry> Timeline(string tenant, string session, int limit = 500)
    {
        var filter = new ActivityFilter { Tenant = tenant, Session = session, Limit = limit };
        return [.. Decisions(filter).Select(static row => new TimelineEntry(row.At, row, null))
            .Concat(Events(filter).Select(static row => new TimelineEntry(row.ReceivedAt, null, row)))
            .Reverse()
            .OrderBy(static entry => entry.At)];
    }

    /// <summary>The decisions since a point in time, counted in spans of equal length; spans without any are left out.</summary>
    public IReadOnlyList<DecisionCount> Counts(DateTimeOffset since, TimeSpan span) =>
        database.Read(connection => connection.Query(
            static reader => new DecisionCount(reader.Time("start"), reader.Text("decision")!, reader.Integer("count")),
            """
            SELECT at / @span * @span AS start, decision, COUNT(*) AS count FROM decisions
            WHERE at >= @since GROUP BY start, decision ORDER BY start
            """,
            ("@span", (long)span.TotalMilliseconds),
            ("@since", since.ToUnixTimeMilliseconds())));

    /// <summary>How often each rule took part in a decision.</summary>
    public IReadOnlyDictionary<string, long> RuleHits(DateTimeOffset since) =>
        database.Read(connection => connection.Query(
            static reader => (Rule: reader.Text("rule")!, Count: reader.Integer("count")),
            """
            SELECT each.value AS rule, COUNT(*) AS count FROM decisions, json_each(decisions.rules) AS each
            WHERE at >= @since GROUP BY each.value
            """,
            ("@since", since.ToUnixTimeMilliseconds()))).ToDictionary(static hit => hit.Rule, static hit => hit.Count, StringComparer.Ordinal);

    /// <summary>The names of the tools that were asked about.</summary>
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
