using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Page.SignIn;

/// <summary>Who may see the page and answer held calls: whoever signed in with the token. The API's keys do not open it.</summary>
internal static class PageAccess
{
    public const string SignInPath = "/sign-in";

    private const string CookieName = "thoth-enforcer";
    private const string MarkClaim = "token";
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(12);

    public static void AddPageAccess(this IServiceCollection services, EnforcerOptions options)
    {
        // Beside the database, so that a sign-in with a configured token outlives a restart.
        var keys = Directory.CreateDirectory($"{options.DatabasePath}-page");
        if (!OperatingSystem.IsWindows())
        {
            keys.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        services.AddDataProtection().SetApplicationName(CookieName).PersistKeysToFileSystem(keys);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = $"{CookieName}-forms";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = CookieName;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.ExpireTimeSpan = s_lifetime;
            cookie.SlidingExpiration = true;
            cookie.LoginPath = SignInPath;
            cookie.AccessDeniedPath = SignInPath;
            cookie.Events.OnValidatePrincipal = ValidateAsync;
        });
        services.AddAuthorization();
    }

    public static Task SignInAsync(HttpContext context, PageToken token, string name)
    {
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, name), new(MarkClaim, token.Mark)], CookieAuthenticationDefaults.AuthenticationScheme);
        return context.SignInAsync(new ClaimsPrincipal(identity));
    }

    private static Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var mark = context.HttpContext.RequestServices.GetRequiredService<PageToken>().Mark;
        if (context.Principal?.FindFirstValue(MarkClaim) != mark)
        {
            context.RejectPrincipal();
        }

        return Task.CompletedTask;
    }
}
