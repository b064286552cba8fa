using Microsoft.AspNetCore.Antiforgery;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Limits;
using Thoth.Enforcer.Page.Layout;

namespace Thoth.Enforcer.Page.SignIn;

/// <summary>Maps sign-in and sign-out. The printed link fills in the token; the person adds a name, under which answers are recorded.</summary>
internal static class SignInEndpoints
{
    private const int MaxNameLength = 80;

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(PageAccess.SignInPath, ShowForm).ExcludeFromDescription();
        routes.MapPost(PageAccess.SignInPath, SignInAsync).RequireRateLimiting(RateLimits.SignIn).ExcludeFromDescription();
        routes.MapPost("/sign-out", SignOutAsync).ExcludeFromDescription();
    }

    private static IResult ShowForm(HttpContext context, IAntiforgery antiforgery) =>
        SignInPage.Show(antiforgery.GetAndStoreTokens(context), context.Request.Query["token"].ToString(), "", null);

    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, PageToken token)
    {
        if (RequestOrigin.IsForeign(context.Request))
        {
            throw new ApiException(StatusCodes.Status403Forbidden, "foreign_origin", "Another web site sent the form.");
        }

        var form = await PageForm.ReadAsync(context, antiforgery);
        var name = form["name"].ToString().Trim();
        var presented = form["token"].ToString().Trim();
        if (name.Length is 0 or > MaxNameLength)
        {
            return SignInPage.Show(antiforgery.GetAndStoreTokens(context), presented, name, $"Give a name of at most {MaxNameLength} characters.");
        }

        if (!token.Matches(presented))
        {
            return SignInPage.Show(antiforgery.GetAndStoreTokens(context), "", name, "This is not the token that the server printed at startup.");
        }

        await PageAccess.SignInAsync(context, token, name);
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        await PageForm.ReadAsync(context, antiforgery);
        await PageAccess.SignOutAsync(context);
        return Results.LocalRedirect(PageAccess.SignInPath);
    }
}
