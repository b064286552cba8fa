using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Overview;

/// <summary>The page of one session from its start.</summary>
internal sealed class SessionPage(PageLayout layout, Activity activity)
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/session", (HttpContext context, SessionPage page, string? tenant, string? id) => page.Show(context, tenant ?? "", id ?? ""));

    private IResult Show(HttpContext context, string tenant, string id)
    {
        var entries = activity.Timeline(tenant, id);
        var first = entries.Select(static entry => entry.Decision).FirstOrDefault(static row => row is not null);
        var steps = entries.Count == 0
            ? Html.Of($"""<div class="empty"><p class="muted">This session has no records.</p></div>""")
            : Html.Of($"""<div class="panel"><ol class="timeline">{entries.Select(Step)}</ol></div>""");
        return layout.Show(context, new PageView
        {
            Path = "/activity",
            Title = "Session",
            Listen = "activity",
            Body = Html.Of(
                $"""
                <div class="title"><h1>Session</h1><p class="code muted">{id}</p></div>
                <p class="muted" id="whose" data-live>Tenant {tenant}{(first is null ? Html.Nothing : Html.Of($" · agent {first.Agent} · user {first.User} · {first.Environment}"))}</p>
                <p><a href="/activity?session={Uri.EscapeDataString(id)}">In the activity</a></p>
                <div id="timeline" class="more" data-live>{steps}</div>
                """),
        });
    }

    private static Html Step(TimelineEntry entry) => entry switch
    {
        { Decision: { } row } => Html.Of(
            $"""<li class="decided">{DisplayFormat.Time(entry.At)} <strong class="code">{row.Tool}</strong> {DisplayFormat.Decision(row.Decision)} {DisplayFormat.Risk(row.Risk)} {DisplayFormat.Unreadable(row.IsUnreadable)} <span>{row.Reason}</span> <span class="code muted">{DisplayFormat.List(row.Rules)}</span></li>"""),
        { Answer: { } row } => Html.Of(
            $"""<li class="answered">{DisplayFormat.Time(entry.At)} <span class="code">{row.Tool}</span> <strong>{row.State}</strong>{(row.Approver is null ? Html.Nothing : Html.Of($" by {row.Approver}"))} <span>{row.Reason}</span></li>"""),
        { Event: { } row } => Html.Of(
            $"""<li>{DisplayFormat.Time(entry.At)} <span class="code muted">{row.Type}</span> <span class="code">{row.Tool}</span> <span class="muted">{ActivityRows.DurationOf(row)}</span></li>"""),
        _ => Html.Nothing,
    };
}
