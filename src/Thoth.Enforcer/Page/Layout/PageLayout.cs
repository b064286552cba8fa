using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Thoth.Enforcer.Health;
using Thoth.Enforcer.Holds;

namespace Thoth.Enforcer.Page.Layout;

/// <summary>Renders the frame of every page: head, navigation, the signed-in person.</summary>
internal sealed class PageLayout(IAntiforgery antiforgery, ApprovalService approvals, EnforcerHealth health, TimeProvider time)
{
    private static readonly (string Path, string Name)[] s_entries = [("/", "Approvals"), ("/activity", "Activity"), ("/policy", "Policy")];

    /// <summary>The hidden field that every form of a page carries.</summary>
    public static Html Field(AntiforgeryTokenSet tokens) =>
        Html.Of($"""<input type="hidden" name="{tokens.FormFieldName}" value="{new AttributeValue(tokens.RequestToken)}">""");

    public static Html Head(string title) => Html.Of(
        $"""
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <meta name="color-scheme" content="light dark">
          <title>{title} · Thoth enforcer</title>
          <link rel="icon" href="{PageAssets.Icon}" type="image/svg+xml">
          <link rel="stylesheet" href="{PageAssets.Style}">
        """);

    public static IResult Send(Html document, int status = StatusCodes.Status200OK) =>
        Results.Content("<!DOCTYPE html>\n" + document, MediaTypeNames.Text.Html, Encoding.UTF8, status);

    public IResult Show(HttpContext context, PageView view)
    {
        var pending = approvals.CountPending();
        return Send(Html.Of(
            $"""
            <html lang="en">
            {Head(pending > 0 ? $"({pending}) {view.Title}" : view.Title)}
              <script src="{PageAssets.Script}" defer></script>
            </head>
            <body data-listen="{view.Listen}" data-now="{time.GetUtcNow().ToUnixTimeMilliseconds()}">
              <a class="skip" href="#main">Skip to content</a>
              <header class="bar">
                <p class="brand"><img src="{PageAssets.Icon}" alt="" width="22" height="22"> <span>Thoth enforcer</span></p>
                <nav aria-label="Pages" id="places" data-live>{s_entries.Select(entry => Entry(entry, view, pending))}</nav>
                <p class="live" id="connection" data-state="off"><span class="dot"></span> <span class="words">Live</span></p>
                <form class="who" method="post" action="/sign-out">
                  {Field(antiforgery.GetAndStoreTokens(context))}
                  <span class="name">{context.User.Identity?.Name}</span> <button class="quiet">Sign out</button>
                </form>
              </header>
              <main id="main" class="{(view.IsWide ? "wide" : "narrow")}" data-page="{view.Path}">
                <noscript><p class="notice">Without script this page does not refresh itself. Load it again to see new calls.</p></noscript>
                {HealthBanner.Show(health)}
                {view.Body}
              </main>
              <p class="unseen" id="announce" role="status" aria-live="polite"></p>
            </body>
            </html>
            """));
    }

    private static Html Entry((string Path, string Name) entry, PageView view, long pending)
    {
        var current = entry.Path == view.Path ? Html.Of($"aria-current=\"page\"") : Html.Nothing;
        var count = entry.Path == "/" && pending > 0
            ? Html.Of($""" <span class="count">{pending}<span class="unseen"> waiting</span></span>""")
            : Html.Nothing;
        return Html.Of($"""<a href="{entry.Path}" {current}>{entry.Name}{count}</a>""");
    }
}
