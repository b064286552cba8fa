using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>The form that shows masked values. It is a form, not a link: each showing is recorded.</summary>
internal static class RevealForm
{
    public static Html Show(HoldRow hold, Html field, CardNotes notes) => notes is not { Sensitive: > 0, Reveals: false } ? Html.Nothing : Html.Of(
        $"""
        <form class="reveal" method="post" action="/holds/{hold.Id}/reveal">
          {field}
          <button class="quiet">{(notes.Sensitive == 1 ? "Show the masked value" : "Show the masked values")}</button>
          <span class="muted">Recorded under your name.</span>
        </form>
        """);

    public static Html ShowReveals(IReadOnlyList<RevealRow> reveals) => reveals.Count == 0 ? Html.Nothing : Html.Of(
        $"""<p class="muted">Masked values were shown to {reveals.Select(static (row, i) => Html.Of($"{(i == 0 ? Html.Nothing : Html.Of($", "))}{row.Who} ({DisplayFormat.Time(row.At)})"))}.</p>""");
}
