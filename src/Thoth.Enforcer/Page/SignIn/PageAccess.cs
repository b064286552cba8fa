using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HttpOverrides;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Errors;

namespace Thoth.Enforcer.Page.SignIn;

/// <summary>Lets people who signed in with the token see the pages and answer held calls. API keys do not open the pages.</summary>
internal static class PageAccess
{
    public const string SignInPath = "/sign-in";

    private const string CookieName = "thoth-enforcer";
    private const string FingerprintClaim = "token";
    private const string IdClaim = "id";
    private static readonly object s_isEnded = new();

    /// <summary>How long a sign-in lasts. Use does not prolong it.</summary>
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
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = CookieName;
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = s_lifetime;
            cookie.SlidingExpiration = false;
            cookie.LoginPath = SignInPath;
            cookie.AccessDeniedPath = SignInPath;
            cookie.Events.OnValidatePrincipal = ValidateAsync;
            var redirect = cookie.Events.OnRedirectToLogin;
            cookie.Events.OnRedirectToLogin = context => context.HttpContext.Items.ContainsKey(s_isEnded) ? RefuseAsync(context) : redirect(context);
        });
        services.AddAuthorization();

        // A proxy that ends TLS says so: cookies are then marked as secure. A sender who says so wrongly loses its own cookie.
        services.Configure<ForwardedHeadersOptions>(static forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
        });
    }

    public static Task SignInAsync(HttpContext context, PageToken token, string name)
    {
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, name), new(FingerprintClaim, token.Fingerprint), new(IdClaim, Guid.NewGuid().ToString("N"))], CookieAuthenticationDefaults.AuthenticationScheme);
        return context.SignInAsync(new ClaimsPrincipal(identity));
    }

    /// <summary>Removes the cookie, and ends the sign-in for every copy of it.</summary>
    public static async Task SignOutAsync(HttpContext context)
    {
        var ticket = await context.AuthenticateAsync();
        await context.SignOutAsync();
        if (ticket.Principal?.FindFirstValue(IdClaim) is { } id && ticket.Properties?.ExpiresUtc is { } until)
        {
            await context.RequestServices.GetRequiredService<EndedSignIns>().AddAsync(id, until);
        }
    }

    private static Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        if (context.Principal?.FindFirstValue(FingerprintClaim) != services.GetRequiredService<PageToken>().Fingerprint
            || context.Principal.FindFirstValue(IdClaim) is not { } id)
        {
            context.RejectPrincipal();
        }
        else if (services.GetRequiredService<EndedSignIns>().Contains(id))
        {
            context.RejectPrincipal();
            context.HttpContext.Items[s_isEnded] = true;
        }

        return Task.CompletedTask;
    }

    /// <summary>Refuses a cookie that was signed out. Its browser no longer has it, so this is a copy.</summary>
    private static Task RefuseAsync(RedirectContext<CookieAuthenticationOptions> context) => ApiError.WriteAsync(
        context.HttpContext, StatusCodes.Status401Unauthorized, "signed_out", "The sign-in has ended. Sign in again.");
}
