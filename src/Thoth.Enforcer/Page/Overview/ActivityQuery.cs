using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Overview;

/// <summary>The query of the activity page's address.</summary>
internal sealed record ActivityQuery(string? Tool, string? Decision, string? Session, long? Before, bool Events, string Range)
{
    public static readonly IReadOnlyList<string> Ranges = ["1h", "24h", "7d"];

    private const int PageSize = 50;

    public static ActivityQuery Of(IQueryCollection query) => new(
        TrimToNull(query["tool"]),
        TrimToNull(query["decision"]),
        TrimToNull(query["session"]),
        long.TryParse(query["before"], out var before) ? before : null,
        query["show"] == "events",
        Ranges.FirstOrDefault(range => range == query["range"]) ?? Ranges[0]);

    public ActivityFilter Filter => new() { Tool = Tool, Decision = Decision, Session = Session, Before = Before, Limit = PageSize };

    /// <summary>The number of spans of the chart, and their length.</summary>
    public (int Count, TimeSpan Span) Chart => Range switch
    {
        "24h" => (48, TimeSpan.FromMinutes(30)),
        "7d" => (56, TimeSpan.FromHours(3)),
        _ => (60, TimeSpan.FromMinutes(1)),
    };

    /// <summary>Whether there may be more rows.</summary>
    public static bool IsFull(int rows) => rows == PageSize;

    /// <summary>Gets the address of this query.</summary>
    public string Address()
    {
        var query = QueryString.Empty;
        foreach (var (name, value) in new[]
        {
            ("tool", Tool), ("decision", Decision), ("session", Session), ("before", Before?.ToString(null, null)),
            ("show", Events ? "events" : null), ("range", Range == Ranges[0] ? null : Range),
        })
        {
            query = value is null ? query : query.Add(name, value);
        }

        return $"/activity{query}";
    }

    private static string? TrimToNull(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
