using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Renders the calls that no longer wait: the answer, the approver, and whether the caller has it.</summary>
internal static class HoldHistory
{
    public static Html Show(IReadOnlyList<HoldRow> holds, DateTimeOffset now) => holds.Count == 0
        ? Html.Of($"<p class=\"muted\">No call was decided yet.</p>")
        : Html.Of($"<ul class=\"history\">{holds.Select(hold => Row(hold, now))}</ul>");

    private static Html Row(HoldRow hold, DateTimeOffset now)
    {
        var state = hold.StateAt(now);
        return Html.Of(
            $"""
            <li>
              <details id="past-{hold.Id}">
                <summary>
                  {DisplayFormat.State(state)}
                  <span class="tool">{hold.Tool}</span>
                  <span class="muted by">{ByWhom(hold, state, now)}</span>
                  {DisplayFormat.Time(hold.DecidedAt ?? hold.ExpiresAt)}
                </summary>
                {Answer(hold)}
                <div class="columns">
                  <section>{ArgumentsView.Show(hold.Arguments, $"Arguments of {hold.Tool}", full: false, out _)}</section>
                  <section>{HoldCard.Facts(hold)}</section>
                </div>
              </details>
            </li>
            """);
    }

    private static string ByWhom(HoldRow hold, HoldState state, DateTimeOffset now) => state switch
    {
        HoldState.Approved when hold.DeliveredAt is not null => $"by {hold.Approver}; the caller has it",
        HoldState.Approved when now >= hold.ExpiresAt => $"by {hold.Approver}; the caller did not poll again",
        HoldState.Approved => $"by {hold.Approver}; the caller has not polled yet",
        HoldState.Denied => $"by {hold.Approver}",
        _ => "not decided in time",
    };

    private static Html Answer(HoldRow hold) => hold.Answer is null ? Html.Nothing : Html.Of($"<p class=\"why\">“{hold.Answer}”</p>");
}
