using Thoth.Enforcer.Diagnostics;
using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Overview;

/// <summary>The page of decisions and events as they come in.</summary>
internal sealed class ActivityPage(PageLayout layout, Activity activity, RefusedRequests refused, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/activity", (HttpContext context, ActivityPage page) => page.Show(context));

    private IResult Show(HttpContext context)
    {
        var query = ActivityQuery.Of(context.Request.Query);
        var (rows, count, last) = query.Events ? Events(query) : Decisions(query);
        var older = ActivityQuery.IsFull(count)
            ? Html.Of($"""<p class="more"><a href="{(query with { Before = last }).Address()}">Older</a></p>""")
            : Html.Nothing;
        return layout.Show(context, new PageView
        {
            Path = "/activity",
            Title = "Activity",
            Listen = query.Before is null ? "activity" : "",
            IsWide = true,
            Body = Html.Of(
                $"""
                <div class="title"><h1>Activity</h1></div>
                <div id="chart" data-live>{Chart(query)}</div>
                {Form(query)}
                {Narrowed(query)}
                <div id="rows" data-live>{rows}{older}</div>
                <div id="refused" data-live>{RefusedSection.Show(refused)}</div>
                """),
        });
    }

    private (Html Rows, int Count, long Last) Decisions(ActivityQuery query)
    {
        var rows = activity.Decisions(query.Filter);
        return (ActivityRows.Decisions(rows), rows.Count, rows.LastOrDefault()?.Seq ?? 0);
    }

    private (Html Rows, int Count, long Last) Events(ActivityQuery query)
    {
        var rows = activity.Events(query.Filter);
        return (ActivityRows.Events(rows), rows.Count, rows.LastOrDefault()?.Seq ?? 0);
    }

    private Html Chart(ActivityQuery query)
    {
        var (count, span) = query.Chart;

        // The database counts in spans that begin at multiples of their length.
        var length = (long)span.TotalMilliseconds;
        var from = DateTimeOffset.FromUnixTimeMilliseconds(((time.GetUtcNow().ToUnixTimeMilliseconds() / length) - count + 1) * length);
        var ranges = ActivityQuery.Ranges.Select(range => Link((query with { Range = range }).Address(), range, range == query.Range));
        return DecisionChart.Show(activity.Counts(from, span), from, query.Chart, Html.Of($"{ranges}"));
    }

    private Html Form(ActivityQuery query) => Html.Of(
        $"""
        <form class="filter" method="get" action="/activity">
          <label>Tool <select name="tool">{Options(activity.Tools(), query.Tool, static tool => tool)}</select></label>
          <label>Decision <select name="decision">{Options(DisplayFormat.Decisions, query.Decision, DisplayFormat.NameOf)}</select></label>
          <label>Session <input name="session" value="{new AttributeValue(query.Session)}" maxlength="256" autocomplete="off"></label>
          {Hidden("show", query.Events ? "events" : null)}{Hidden("range", query.Range)}
          <button>Filter</button>
          <div class="tabs">
            {Link((query with { Events = false, Before = null }).Address(), "Decisions", !query.Events)}
            {Link((query with { Events = true, Before = null }).Address(), "Events", query.Events)}
          </div>
        </form>
        """);

    /// <summary>Shows the session of the filter once more: a field of a form cannot mark characters.</summary>
    private static Html Narrowed(ActivityQuery query) =>
        query.Session is null ? Html.Nothing : Html.Of($"""<p class="muted">Session <span class="code">{query.Session}</span></p>""");

    private static Html Options(IEnumerable<string> values, string? chosen, Func<string, string> name) => Html.Of(
        $"""<option value="">All</option>{values.Select(value => value == chosen ? Html.Of($"""<option value="{new AttributeValue(value)}" selected>{name(value)}</option>""") : Html.Of($"""<option value="{new AttributeValue(value)}">{name(value)}</option>"""))}""");

    private static Html Hidden(string name, string? value) =>
        value is null ? Html.Nothing : Html.Of($"""<input type="hidden" name="{name}" value="{new AttributeValue(value)}">""");

    private static Html Link(string address, string text, bool isCurrent) => isCurrent
        ? Html.Of($"""<a href="{address}" aria-current="true">{text}</a>""")
        : Html.Of($"""<a href="{address}">{text}</a>""");
}
