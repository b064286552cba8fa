using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;

namespace Thoth.Enforcer;

/// <summary>The form that asks for the token and a name.</summary>
internal static class SignInPage
{
    public static IResult Show(AntiforgeryTokenSet antiforgery, string token, string name, string? problem)
    {
        var alert = problem is null ? "" : $"<p role=\"alert\">{Encode(problem)}</p>";
        return Results.Content(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>Sign in · Thoth enforcer</title>
            </head>
            <body>
              <main>
                <h1>Thoth enforcer</h1>
                {alert}
                <form method="post" action="{PageAccess.SignInPath}">
                  <input type="hidden" name="{Encode(antiforgery.FormFieldName)}" value="{Encode(antiforgery.RequestToken!)}">
                  <p><label>Your name, for the record <input name="name" value="{Encode(name)}" autocomplete="name" maxlength="80" required autofocus></label></p>
                  <p><label>Token that the server printed <input type="password" name="token" value="{Encode(token)}" autocomplete="off" required></label></p>
                  <p><button>Sign in</button></p>
                </form>
              </main>
            </body>
            </html>
            """,
            MediaTypeNames.Text.Html,
            Encoding.UTF8,
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
