using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Renders who calls, in which session, and by which rule the call is held.</summary>
internal static class HoldFacts
{
    public static Html Show(HoldRow hold, CardNotes notes) => Html.Of(
        $"""
        <dl class="facts">
          <div><dt>Agent</dt><dd>{notes.Name("agent", hold.Agent)}</dd></div>
          <div><dt>User</dt><dd>{notes.Name("user", hold.User)}</dd></div>
          <div><dt>Session</dt><dd><a class="code" href="{DisplayFormat.SessionPath(hold.Tenant, hold.Session)}">{notes.Name("session", hold.Session)}</a></dd></div>
          <div><dt>Tenant</dt><dd>{notes.Name("tenant", hold.Tenant)} · {notes.Name("environment", hold.Environment)}</dd></div>
          {Optional("Intent", "intent", hold.Intent, notes)}{Optional("Purpose", "purpose", hold.Purpose, notes)}
          <div><dt>Rule</dt><dd class="code">{DisplayFormat.List(hold.Verdict.MatchedRuleIds)}</dd></div>
          {Optional("Code", "code", hold.Verdict.DecisionReasonCode, notes)}
          <div><dt>Held</dt><dd>{DisplayFormat.Time(hold.HeldAt)}</dd></div>
          <div><dt>Caller</dt><dd id="{hold.Id}-caller" data-live>{Caller(hold)}</dd></div>
          <div><dt>Id</dt><dd class="code">{HoldSummary.ShortId(hold)}</dd></div>
        </dl>
        """);

    private static Html Caller(HoldRow hold) => hold.LastPolledAt is { } at
        ? Html.Of($"last asked {DisplayFormat.Time(at)}")
        : Html.Of($"has not asked yet");

    private static Html Optional(string title, string name, string? value, CardNotes notes) =>
        value is null ? Html.Nothing : Html.Of($"<div><dt>{title}</dt><dd>{notes.Text(name, value)}</dd></div>");
}
