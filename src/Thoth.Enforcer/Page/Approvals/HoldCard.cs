using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Storage;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>A held call as its approver sees it.</summary>
/// <param name="Markup">The card.</param>
/// <param name="IsCut">Whether the card leaves something out. The call cannot be approved there.</param>
internal sealed record HoldCard(Html Markup, bool IsCut)
{
    /// <param name="hold">The call.</param>
    /// <param name="before">The earlier recorded decisions of its session, newest first.</param>
    /// <param name="field">The form's anti-forgery field.</param>
    /// <param name="now">The time.</param>
    /// <param name="notes">Whether the call is shown in full, and masked values too.</param>
    public static HoldCard Of(HoldRow hold, IReadOnlyList<DecisionRow> before, Html field, DateTimeOffset now, CardNotes notes)
    {
        var tool = hold.Tool;
        notes.Name("tool", tool);
        var reason = notes.Text("reason", hold.Verdict.Reason ?? "The policy asks for a person's approval.");
        var arguments = ArgumentsView.Show(hold.Arguments, $"Arguments of {tool}", "arguments", notes);
        var toRun = hold.ArgumentsToRun is null ? Html.Nothing : Html.Of(
            $"""<h3>Runs with, once approved</h3>{ArgumentsView.Show(hold.ArgumentsToRun, "Arguments that the policy lets run", "arguments to run", notes)}""");
        var (facts, earlier) = (HoldFacts.Show(hold, notes), Before(hold, before, notes));
        var markup = Html.Of(
            $"""
            <article class="card" id="{hold.Id}" tabindex="-1" aria-labelledby="{hold.Id}-tool" data-name="{tool}" data-agent="{hold.Agent}">
              <header>
                <h2 id="{hold.Id}-tool" class="tool">{tool}</h2>
                {DisplayFormat.Risk(hold.Verdict.Evidence.RiskScore)}
                {TimeLeft(hold, now)}
              </header>
              {Warning(notes)}
              <p class="why">{reason}</p>
              <div class="columns">
                <section><h3>Arguments</h3>{arguments}{toRun}{RevealForm.Show(hold, field, notes)}</section>
                <section>{facts}{earlier}</section>
              </div>
              <form class="answer" method="post" action="/holds/{hold.Id}">
                {field}
                <input type="hidden" name="hash" value="{hold.ArgumentsHash}">
                {Seen(hold, notes)}
                {Hint(hold, notes)}
                <label class="reason"><span class="unseen">Reason for {tool}</span>
                  <input name="reason" maxlength="1000" autocomplete="off" placeholder="Reason (optional; the agent may read it)"></label>
                <button class="deny" name="answer" value="deny" aria-label="Deny {tool}">Deny</button>
                <button class="approve" name="answer" value="approve" aria-label="Approve {tool}" {(notes.IsCut ? Html.Of($"""disabled aria-describedby="{hold.Id}-hint" """) : Html.Nothing)}>Approve</button>
              </form>
            </article>
            """);
        return new(markup, notes.IsCut);
    }

    /// <summary>Shows a call that cannot be read. It can be denied only.</summary>
    public static Html Unreadable(HoldRow hold, Html field) => Html.Of(
        $"""
        <article class="card" id="{hold.Id}" tabindex="-1" aria-labelledby="{hold.Id}-tool" data-name="{hold.Tool}" data-agent="{hold.Agent}">
          <header><h2 id="{hold.Id}-tool" class="tool">{hold.Tool}</h2></header>
          <p class="misleads"><strong>Unreadable.</strong> A part of this call cannot be read, so it cannot be approved. Deny it, or let it expire.</p>
          <div class="columns"><section>{HoldFacts.Show(hold, new CardNotes(full: false))}</section></div>
          <form class="answer" method="post" action="/holds/{hold.Id}">
            {field}
            <input type="hidden" name="hash" value="{hold.ArgumentsHash}">
            <label class="reason"><span class="unseen">Reason for {hold.Tool}</span>
              <input name="reason" maxlength="1000" autocomplete="off" placeholder="Reason (optional; the agent may read it)"></label>
            <button class="deny" name="answer" value="deny" aria-label="Deny {hold.Tool}">Deny</button>
          </form>
        </article>
        """);

    private static Html Warning(CardNotes notes) => notes.Misleading.Count == 0 ? Html.Nothing : Html.Of(
        $"""<p class="misleads"><strong>Look twice:</strong> {DisplayFormat.List(notes.Misleading)}. Characters that hide, turn or imitate others are shown as <span class="odd">⟨marks⟩</span>.</p>""");

    /// <summary>Says that the form stands below the whole call.</summary>
    private static Html Seen(HoldRow hold, CardNotes notes) =>
        notes.IsFull ? Html.Of($"""<input type="hidden" name="seen" value="{hold.ArgumentsHash}">""") : Html.Nothing;

    private static Html Hint(HoldRow hold, CardNotes notes)
    {
        if (notes.IsCut)
        {
            return Html.Of($"""<p class="hint" id="{hold.Id}-hint">A part of this call is cut off here. <a class="open" href="/holds/{hold.Id}">Open the whole call</a> to approve it.</p>""");
        }

        return notes is { Sensitive: > 0, Reveals: false }
            ? Html.Of($"""<p class="hint">{(notes.Sensitive == 1 ? "1 value is masked" : $"{notes.Sensitive} values are masked")}: you answer without having seen {(notes.Sensitive == 1 ? "it" : "them")}.</p>""")
            : Html.Nothing;
    }

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

    private static Html Before(HoldRow hold, IReadOnlyList<DecisionRow> before, CardNotes notes)
    {
        var steps = before.Count > 0
            ? before.Select(row => Html.Of($"<li><span class=\"code\">{notes.Text("earlier calls", row.Tool)}</span> {DisplayFormat.Decision(row.Decision)}</li>"))
            : hold.History.TakeLast(5).Reverse().Select(tool => Html.Of($"<li><span class=\"code\">{notes.Text("earlier calls", tool)}</span></li>"));
        var list = steps.ToList();
        return list.Count == 0
            ? Html.Of($"<h3>Before, in this session</h3><p class=\"muted\">This is the first call of the session.</p>")
            : Html.Of($"<h3>Before, in this session</h3><ol class=\"before\">{list}</ol>");
    }
}
