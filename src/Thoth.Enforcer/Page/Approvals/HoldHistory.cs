using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Renders the calls that no longer wait: the answer, the approver, and what became of the call.</summary>
internal static class HoldHistory
{
    public static Html Show(IReadOnlyList<HoldRow> holds, DateTimeOffset now) => holds.Count == 0
        ? Html.Of($"<p class=\"muted\">No call was decided yet.</p>")
        : Html.Of($"<ul class=\"history\">{SafeRows.Of(holds, hold => hold.IsUnreadable ? Unreadable(hold, now) : Row(hold, now), hold => Unreadable(hold, now))}</ul>");

    private static Html Row(HoldRow hold, DateTimeOffset now)
    {
        var state = hold.StateAt(now);
        var notes = new CardNotes(full: false);
        var arguments = ArgumentsView.Show(hold.Arguments, $"Arguments of {hold.Tool}", "arguments", notes);
        var toRun = hold.ArgumentsToRun is null
            ? Html.Nothing
            : Html.Of($"<h3>{(state == HoldState.Approved ? "Ran with" : "Would have run with")}</h3>{ArgumentsView.Show(hold.ArgumentsToRun, "Arguments that the policy lets run", "arguments to run", notes)}");
        return Html.Of(
            $"""
            <li>
              <details id="past-{hold.Id}">
                <summary>
                  {DisplayFormat.State(state)}
                  <span class="tool">{hold.Tool}</span>
                  <span class="muted by">{ByWhom(hold, state, now)}</span>
                  {DisplayFormat.Time(hold.DecidedAt ?? (state == HoldState.CallerGone ? hold.LastPolledAt!.Value : hold.ExpiresAt))}
                </summary>
                {Answer(hold)}
                <div class="columns">
                  <section>{arguments}{toRun}<p><a href="/holds/{hold.Id}">Open the whole call</a></p></section>
                  <section>{HoldFacts.Show(hold, notes)}</section>
                </div>
              </details>
            </li>
            """);
    }

    private static Html Unreadable(HoldRow hold, DateTimeOffset now) => Html.Of(
        $"""<li><p class="why" id="past-{hold.Id}">{DisplayFormat.State(hold.StateAt(now))} <span class="tool">{hold.Tool}</span> <span class="muted by">a part of the stored call cannot be read</span></p></li>""");

    private static Html ByWhom(HoldRow hold, HoldState state, DateTimeOffset now) => state switch
    {
        HoldState.Approved when hold.RanAt is not null => Html.Of($"by {hold.Approver}; it ran"),
        HoldState.Approved when hold.DeliveredAt is not null => Html.Of($"by {hold.Approver}; response sent"),
        HoldState.Approved when now >= hold.ExpiresAt => Html.Of($"by {hold.Approver}; the caller did not poll again"),
        HoldState.Approved => Html.Of($"by {hold.Approver}; the caller has not polled yet"),
        HoldState.Refused => Html.Of($"approved by {hold.Approver}; refused when it was to run, by {DisplayFormat.List(hold.Refusal?.MatchedRuleIds ?? [])}"),
        HoldState.Denied => Html.Of($"by {hold.Approver}"),
        HoldState.CallerGone => Html.Of($"not decided; the caller no longer asks"),
        _ => Html.Of($"not decided in time"),
    };

    private static Html Answer(HoldRow hold)
    {
        var answer = hold.Answer is null ? Html.Nothing : Html.Of($"<p class=\"why\">“{hold.Answer}”</p>");
        return hold.Refusal is null ? answer : Html.Of($"{answer}<p class=\"why\">{hold.Refusal.Reason}</p>");
    }
}
