using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>A held call as its approver sees it.</summary>
internal static class HoldCard
{
    /// <param name="hold">The call.</param>
    /// <param name="before">The earlier recorded decisions of its session, newest first.</param>
    /// <param name="field">The form's anti-forgery field.</param>
    /// <param name="now">The time.</param>
    /// <param name="full">Whether to show all arguments.</param>
    public static Html Show(HoldRow hold, IReadOnlyList<DecisionRow> before, Html field, DateTimeOffset now, bool full = false)
    {
        var arguments = ArgumentsView.Show(hold.Arguments, $"Arguments of {hold.Tool}", full, out var isCut);
        var more = isCut ? Html.Of($"""<p><a href="/holds/{hold.Id}">Show all of the arguments</a></p>""") : Html.Nothing;
        return Html.Of(
            $"""
            <article class="card" id="{hold.Id}" tabindex="-1" aria-labelledby="{hold.Id}-tool" data-name="{hold.Tool}" data-agent="{hold.Agent}">
              <header>
                <h2 id="{hold.Id}-tool" class="tool">{hold.Tool}</h2>
                {DisplayFormat.Risk(hold.Verdict.Evidence.RiskScore)}
                {TimeLeft(hold, now)}
              </header>
              <p class="why">{hold.Verdict.Reason ?? "The policy asks for a person's approval."}</p>
              <div class="columns">
                <section><h3>Arguments</h3>{arguments}{more}{ToRun(hold, full)}</section>
                <section>{Facts(hold)}{Before(hold, before)}</section>
              </div>
              <form class="answer" method="post" action="/holds/{hold.Id}">
                {field}
                <input type="hidden" name="hash" value="{hold.ArgumentsHash}">
                <label class="reason"><span class="unseen">Reason for {hold.Tool}</span>
                  <input name="reason" maxlength="1000" autocomplete="off" placeholder="Reason (optional; the agent may read it)"></label>
                <button class="deny" name="answer" value="deny" aria-label="Deny {hold.Tool}">Deny</button>
                <button class="approve" name="answer" value="approve" aria-label="Approve {hold.Tool}">Approve</button>
              </form>
            </article>
            """);
    }

    public static Html Facts(HoldRow hold) => Html.Of(
        $"""
        <dl class="facts">
          <div><dt>Agent</dt><dd>{hold.Agent}</dd></div>
          <div><dt>User</dt><dd>{hold.User}</dd></div>
          <div><dt>Session</dt><dd>{DisplayFormat.Session(hold.Tenant, hold.Session)}</dd></div>
          <div><dt>Tenant</dt><dd>{hold.Tenant} · {hold.Environment}</dd></div>
          {Fact("Intent", hold.Intent)}{Fact("Purpose", hold.Purpose)}
          <div><dt>Rule</dt><dd class="code">{DisplayFormat.List(hold.Verdict.MatchedRuleIds)}</dd></div>
          {Fact("Code", hold.Verdict.DecisionReasonCode)}
          <div><dt>Held</dt><dd>{DisplayFormat.Time(hold.HeldAt)}</dd></div>
        </dl>
        """);

    private static Html Fact(string name, string? value) =>
        value is null ? Html.Nothing : Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    private static Html TimeLeft(HoldRow hold, DateTimeOffset now)
    {
        var (whole, left) = (hold.ExpiresAt - hold.HeldAt, hold.ExpiresAt - now);
        return Html.Of(
            $"""
            <div class="left" data-expires="{hold.ExpiresAt.ToUnixTimeMilliseconds()}">
              <span><span class="clock" role="timer" aria-label="Time left">{DisplayFormat.Left(left)}</span> left</span>
              <progress max="{(long)whole.TotalSeconds}" value="{Math.Max(0, (long)left.TotalSeconds)}" aria-hidden="true"></progress>
            </div>
            """);
    }

    private static Html ToRun(HoldRow hold, bool full) => hold.ArgumentsToRun is null ? Html.Nothing : Html.Of(
        $"""<h3>Runs with, once approved</h3>{ArgumentsView.Show(hold.ArgumentsToRun, "Arguments that the policy lets run", full, out _)}""");

    private static Html Before(HoldRow hold, IReadOnlyList<DecisionRow> before)
    {
        var steps = before.Count > 0
            ? before.Select(static row => Html.Of($"<li><span class=\"code\">{row.Tool}</span> {DisplayFormat.Decision(row.Decision)}</li>"))
            : hold.History.TakeLast(5).Reverse().Select(static tool => Html.Of($"<li><span class=\"code\">{tool}</span></li>"));
        var list = steps.ToList();
        return list.Count == 0
            ? Html.Of($"<h3>Before, in this session</h3><p class=\"muted\">This is the first call of the session.</p>")
            : Html.Of($"<h3>Before, in this session</h3><ol class=\"before\">{list}</ol>");
    }
}
