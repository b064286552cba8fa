using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Page.SignIn;

/// <summary>Lets people who signed in with the token see the pages and answer held calls. API keys do not open the pages.</summary>
internal static class PageAccess
{
    public const string SignInPath = "/sign-in";

    private const string CookieName = "thoth-enforcer";
    private const string FingerprintClaim = "token";
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(12);

    public static void AddPageAccess(this IServiceCollection services, EnforcerOptions options)
    {
        // The keys of cookies stand beside the database, so that a sign-in with a configured token survives a restart.
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
            [new(ClaimTypes.Name, name), new(FingerprintClaim, token.Fingerprint)], CookieAuthenticationDefaults.AuthenticationScheme);
        return context.SignInAsync(new ClaimsPrincipal(identity));
    }

    private static Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var fingerprint = context.HttpContext.RequestServices.GetRequiredService<PageToken>().Fingerprint;
        if (context.Principal?.FindFirstValue(FingerprintClaim) != fingerprint)
        {
            context.RejectPrincipal();
        }

        return Task.CompletedTask;
    }
}
