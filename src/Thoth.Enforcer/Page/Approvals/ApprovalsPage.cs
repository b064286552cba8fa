using Microsoft.AspNetCore.Antiforgery;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>The calls that wait for a person, and what became of the others.</summary>
internal sealed class ApprovalsPage(PageLayout frame, ApprovalService desk, Activity activity, IAntiforgery antiforgery, TimeProvider time)
{
    private const int MostCards = 50;
    private const int MostPast = 50;
    private const int MostBefore = 5;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext context, ApprovalsPage page, string? hold, AnswerOutcome? outcome) => page.ShowAll(context, hold, outcome));
        routes.MapGet("/holds/{id}", (HttpContext context, ApprovalsPage page, string id) => page.ShowOne(context, id));
        routes.MapPost("/holds/{id}", (HttpContext context, ApprovalsPage page, string id) => page.AnswerAsync(context, id));
    }

    private IResult ShowAll(HttpContext context, string? answered, AnswerOutcome? outcome)
    {
        var notice = answered is not null && outcome is { } known ? AnswerNotice.Show(known, desk.Find(answered)) : Html.Nothing;
        var field = PageLayout.Field(antiforgery.GetAndStoreTokens(context));
        var now = time.GetUtcNow();
        var holds = desk.Pending(limit: MostCards);
        var count = desk.CountPending();
        var cards = holds.Count == 0
            ? [Html.Of($"""<div class="empty" id="nothing"><p class="big">Nothing waits for you.</p><p class="muted">A call that the policy holds appears here by itself.</p></div>""")]
            : holds.Select(hold => HoldCard.Show(hold, Before(hold), field, now));
        return frame.Show(context, new PageView
        {
            Path = "/",
            Title = "Approvals",
            Listen = "holds",
            Body = Html.Of(
                $"""
                <div id="notices" data-notice>{notice}</div>
                <div class="title"><h1>Approvals</h1><p class="muted" id="amount" data-live>{Amount(count, holds.Count)}</p></div>
                <div class="cards" id="holds" data-live="keyed">{cards}</div>
                <section class="past"><h2>History</h2><div id="history" data-live>{HoldHistory.Show(desk.History(limit: MostPast), now)}</div></section>
                <p class="muted keys">Keys: <kbd>J</kbd> <kbd>K</kbd> next and previous call, <kbd>A</kbd> <kbd>D</kbd> go to its buttons, <kbd>Enter</kbd> presses.</p>
                """),
        });
    }

    private IResult ShowOne(HttpContext context, string id)
    {
        var hold = desk.Find(id) ?? throw new ApiException(StatusCodes.Status404NotFound, "hold_not_found", "There is no such hold.");
        var now = time.GetUtcNow();
        var body = hold.StateAt(now) == HoldState.Pending
            ? HoldCard.Show(hold, Before(hold), PageLayout.Field(antiforgery.GetAndStoreTokens(context)), now, full: true)
            : Html.Of($"""{HoldHistory.Show([hold], now)}{ArgumentsView.Show(hold.Arguments, "Arguments", full: true, out _)}""");
        return frame.Show(context, new PageView
        {
            Path = "/",
            Title = hold.Tool,
            Listen = "holds",
            Body = Html.Of($"""<div class="title"><h1>Held call</h1><p><a href="/">All approvals</a></p></div><div class="cards" id="holds" data-live="keyed">{body}</div>"""),
        });
    }

    private async Task<IResult> AnswerAsync(HttpContext context, string id)
    {
        var form = await PageForm.ReadAsync(context, antiforgery);
        var (hash, reason, approver) = (form["hash"].ToString(), form["reason"].ToString(), context.User.Identity!.Name!);
        var outcome = form["answer"].ToString() switch
        {
            "approve" => await desk.ApproveAsync(id, hash, approver, reason),
            "deny" => await desk.DenyAsync(id, hash, approver, reason),
            _ => throw ApiException.Malformed("The answer is neither approve nor deny."),
        };
        return Results.LocalRedirect($"/?hold={Uri.EscapeDataString(id)}&outcome={outcome}");
    }

    private IReadOnlyList<DecisionRow> Before(HoldRow hold) =>
        [.. activity.Decisions(new ActivityFilter { Tenant = hold.Tenant, Session = hold.Session, Limit = MostBefore * 4 })
            .Where(row => row.At <= hold.HeldAt && row.Hold != hold.Id).Take(MostBefore)];

    private static string Amount(long count, int shown) =>
        count == 0 ? "" : count > shown ? $"{count} calls wait; the newest {shown} are shown" : count == 1 ? "1 call waits" : $"{count} calls wait";
}
