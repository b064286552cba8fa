using Microsoft.AspNetCore.Antiforgery;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.SignIn;

/// <summary>The form that asks for the token and a name.</summary>
internal static class SignInPage
{
    public static IResult Show(AntiforgeryTokenSet antiforgery, string token, string name, string? problem)
    {
        var alert = problem is null ? Html.Nothing : Html.Of($"""<p class="notice wrong" role="alert">{problem}</p>""");
        return PageLayout.Send(
            Html.Of(
                $"""
                <html lang="en">
                {PageLayout.Head("Sign in")}
                </head>
                <body>
                  <main class="door">
                    <img src="{PageAssets.Icon}" alt="" width="40" height="40">
                    <h1>Thoth enforcer</h1>
                    <p class="muted">Calls of agents that wait for a person's approval.</p>
                    {alert}
                    <form method="post" action="{PageAccess.SignInPath}">
                      {PageLayout.Field(antiforgery)}
                      <label>Your name, for the record <input name="name" value="{new AttributeValue(name)}" autocomplete="name" maxlength="80" required autofocus></label>
                      <label>Token that the server printed <input type="password" name="token" value="{new AttributeValue(token)}" autocomplete="off" required></label>
                      <button class="approve">Sign in</button>
                    </form>
                  </main>
                </body>
                </html>
                """),
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }
}
