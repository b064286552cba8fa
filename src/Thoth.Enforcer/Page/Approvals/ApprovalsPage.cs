using Microsoft.AspNetCore.Antiforgery;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>The page of the waiting calls and the history of the others.</summary>
internal sealed class ApprovalsPage(PageLayout layout, ApprovalService approvals, Activity activity, IAntiforgery antiforgery, TimeProvider time)
{
    private const int MaxCards = 50;
    private const int MaxHistory = 50;
    private const int MaxPriorCalls = 5;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext context, ApprovalsPage page, string? hold, AnswerOutcome? outcome) => page.ShowAll(context, hold, outcome));
        routes.MapGet("/holds/{id}", (HttpContext context, ApprovalsPage page, string id) => page.ShowOne(context, id));
        routes.MapPost("/holds/{id}", (HttpContext context, ApprovalsPage page, string id) => page.AnswerAsync(context, id));
        routes.MapPost("/holds/{id}/reveal", (HttpContext context, ApprovalsPage page, string id) => page.RevealAsync(context, id));
        routes.MapGet("/holds/{id}/reveal", (string id) => Results.LocalRedirect($"/holds/{Uri.EscapeDataString(id)}"));
    }

    private IResult ShowAll(HttpContext context, string? answered, AnswerOutcome? outcome)
    {
        var now = time.GetUtcNow();
        var notice = answered is not null && outcome is { } known ? AnswerNotice.Show(known, approvals.Find(answered), now) : Html.Nothing;
        var field = PageLayout.Field(antiforgery.GetAndStoreTokens(context));
        var holds = approvals.Pending(limit: MaxCards);
        var count = approvals.CountPending();
        var cards = holds.Count == 0
            ? [Html.Of($"""<div class="empty" id="nothing"><p class="big">No call waits for you.</p><p class="muted">A call that the policy holds appears here by itself.</p></div>""")]
            : SafeRows.Of(
                holds,
                hold => hold.IsUnreadable ? HoldCard.Unreadable(hold, field) : HoldCard.Of(hold, Before(hold), field, now, new CardNotes(full: false)).Markup,
                hold => HoldCard.Unreadable(hold, field));
        return layout.Show(context, new PageView
        {
            Path = "/",
            Title = "Approvals",
            Listen = "holds",
            Body = Html.Of(
                $"""
                <div id="notices" data-notice>{notice}</div>
                <div class="slot"><p id="arrivals" role="status" hidden><span class="words"></span> <button type="button">Show</button></p></div>
                <div class="title waiting"><h1>Approvals</h1><p class="muted" id="amount" data-live>{Amount(count, holds.Count)}</p></div>
                <div class="cards" id="holds" data-live="keyed">{cards}</div>
                <section class="past"><h2>History</h2><div id="history" data-live>{HoldHistory.Show(approvals.History(limit: MaxHistory), now)}</div></section>
                <p class="muted keys">Keys: <kbd>J</kbd> <kbd>K</kbd> next and previous call, <kbd>A</kbd> <kbd>D</kbd> go to its buttons, <kbd>Enter</kbd> presses.</p>
                """),
        });
    }

    private IResult ShowOne(HttpContext context, string id) => ShowOne(context, Find(id), reveal: false);

    private IResult ShowOne(HttpContext context, HoldRow hold, bool reveal)
    {
        var (now, field) = (time.GetUtcNow(), PageLayout.Field(antiforgery.GetAndStoreTokens(context)));
        var notes = new CardNotes(full: true, reveal);
        var body = SafeRows.Of(
            [hold],
            hold => (hold.StateAt(now), hold.IsUnreadable) switch
            {
                (HoldState.Pending, true) => HoldCard.Unreadable(hold, field),
                (HoldState.Pending, _) => HoldCard.Of(hold, Before(hold), field, now, notes).Markup,
                _ => Past(hold, field, now, notes),
            },
            hold => HoldCard.Unreadable(hold, field));
        return layout.Show(context, new PageView
        {
            Path = "/",
            Title = hold.Tool,
            Listen = "holds",
            Body = Html.Of($"""<div class="title"><h1>Held call</h1><p><a href="/">All approvals</a></p></div><div class="cards" id="holds" data-live="keyed">{body}</div>{RevealForm.ShowReveals(approvals.Reveals(hold.Id))}"""),
        });
    }

    private static Html Past(HoldRow hold, Html field, DateTimeOffset now, CardNotes notes)
    {
        var arguments = ArgumentsView.Show(hold.Arguments, "Arguments", "arguments", notes);
        var toRun = hold.ArgumentsToRun is null
            ? Html.Nothing
            : Html.Of($"""<h2>Changed by the policy to</h2>{ArgumentsView.Show(hold.ArgumentsToRun, "Arguments that the policy lets run", "arguments", notes)}""");
        return Html.Of($"""<section class="panel">{HoldHistory.Show([hold], now)}<h2>Arguments</h2>{arguments}{toRun}{RevealForm.Show(hold, field, notes)}</section>""");
    }

    private async Task<IResult> RevealAsync(HttpContext context, string id)
    {
        await PageForm.ReadAsync(context, antiforgery);
        var hold = Find(id);
        await approvals.RevealAsync(hold, context.User.Identity!.Name!);
        return ShowOne(context, hold, reveal: true);
    }

    private HoldRow Find(string id) =>
        approvals.Find(id) ?? throw new ApiException(StatusCodes.Status404NotFound, "hold_not_found", "The hold does not exist.");

    private async Task<IResult> AnswerAsync(HttpContext context, string id)
    {
        var form = await PageForm.ReadAsync(context, antiforgery);
        var (hash, reason, approver) = (form["hash"].ToString(), form["reason"].ToString(), context.User.Identity!.Name!);
        var outcome = form["answer"].ToString() switch
        {
            "approve" when !IsSeen(id, hash, form["seen"].ToString()) => AnswerOutcome.NotSeen,
            "approve" => await approvals.ApproveAsync(id, hash, approver, reason),
            "deny" => await approvals.DenyAsync(id, hash, approver, reason),
            _ => throw ApiException.Malformed("The answer is neither approve nor deny."),
        };
        return Results.LocalRedirect($"/?hold={Uri.EscapeDataString(id)}&outcome={outcome}");
    }

    /// <summary>Whether the person saw the whole call: its card shows all, or the form stood on the call's own page.</summary>
    private bool IsSeen(string id, string hash, string seen)
    {
        var hold = approvals.Find(id);
        var now = time.GetUtcNow();
        return hold is null || hold.IsUnreadable || hold.StateAt(now) != HoldState.Pending || hold.ArgumentsHash != hash || seen == hash
            || !HoldCard.Of(hold, Before(hold), Html.Nothing, now, new CardNotes(full: false)).IsCut;
    }

    private IReadOnlyList<DecisionRow> Before(HoldRow hold) =>
        [.. activity.Decisions(new ActivityFilter { Tenant = hold.Tenant, Session = hold.Session, Limit = MaxPriorCalls * 4 })
            .Where(row => row.At <= hold.HeldAt && row.Hold != hold.Id).Take(MaxPriorCalls)];

    private static string Amount(long count, int shown) =>
        count == 0 ? "" : count > shown ? $"{count} calls wait; the newest {shown} are shown" : count == 1 ? "1 call waits" : $"{count} calls wait";
}
