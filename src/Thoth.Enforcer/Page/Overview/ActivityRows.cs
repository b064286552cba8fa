using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Overview;

/// <summary>Renders decisions and events as table rows.</summary>
internal static class ActivityRows
{
    public static Html Decisions(IReadOnlyList<DecisionRow> rows) => Table(
        ["Time", "Tool", "Decision", "Why", "Agent and user", "Session"],
        rows.Select(static row => Html.Of(
            $"""
            <tr><td>{DisplayFormat.Time(row.At)}</td><td class="code">{DisplayFormat.Brief(row.Tool)}</td><td>{DisplayFormat.Decision(row.Decision)}</td>
            <td>{DisplayFormat.Unreadable(row.IsUnreadable)} {row.Reason} <span class="code muted">{DisplayFormat.List(row.Rules)}</span></td>
            <td>{DisplayFormat.Brief(row.Agent)}<br><span class="muted">{DisplayFormat.Brief(row.User)}</span></td><td>{DisplayFormat.Session(row.Tenant, row.Session)}</td></tr>
            """)),
        rows.Count);

    public static Html Events(IReadOnlyList<EventRow> rows) => Table(
        ["Time", "Event", "Tool", "Decision", "Duration", "Session"],
        rows.Select(static row => Html.Of(
            $"""
            <tr><td>{DisplayFormat.Time(row.ReceivedAt)}</td><td class="code">{DisplayFormat.Brief(row.Type)}</td><td class="code">{DisplayFormat.Brief(row.Tool)}</td>
            <td>{DecisionOf(row)} <span class="code muted">{DisplayFormat.Brief(row.Code)}</span></td>
            <td>{DurationOf(row)}</td><td>{DisplayFormat.Session(row.Tenant, row.Session)}</td></tr>
            """)),
        rows.Count);

    public static Html DecisionOf(EventRow row) => row.Decision is null ? Html.Nothing : DisplayFormat.Decision(row.Decision);

    public static string DurationOf(EventRow row) => row.DurationMs is { } ms ? string.Create(null, $"{ms:0.#} ms") : "";

    private static Html Table(string[] heads, IEnumerable<Html> rows, int count) => count == 0
        ? Html.Of($"""<div class="empty"><p class="muted">Nothing matches the filter.</p></div>""")
        : Html.Of($"""<div class="rows stack"><table><thead><tr>{heads.Select(static head => Html.Of($"<th scope=\"col\">{head}</th>"))}</tr></thead><tbody>{rows}</tbody></table></div>""");
}
