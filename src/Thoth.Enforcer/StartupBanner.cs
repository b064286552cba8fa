using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Page.SignIn;
using Thoth.Enforcer.Tenants;

namespace Thoth.Enforcer;

/// <summary>The text printed at startup: the server's address, how to point an SDK at it, and how to sign in.</summary>
internal static class StartupBanner
{
    public static string Of(string url, PageToken token, ApiKeys keys, EnforcerOptions options)
    {
        var link = token.IsConfigured
            ? $"{url}{PageAccess.SignInPath}   (with the token of THOTH_ENFORCER_PAGE_TOKEN)"
            : $"{url}{PageAccess.SignInPath}?token={token.Text}";
        var access = keys.Any
            ? $"{keys.Count} API keys"
            : $"not needed: the server has no API keys, and all calls belong to tenant '{options.Tenant ?? ApiAuthentication.LocalTenant}'";
        // Without a key, SDKs send enforcement requests but no events. Any text serves as a key here.
        return $"""

            Thoth enforcer at {url}
              policy     {options.PolicyPath}
              database   {options.DatabasePath}
              API key    {access}
              SDKs       THOTH_API_URL={url}{(keys.Any ? "" : " THOTH_API_KEY=local")}
              approvals  {link}

            """;
    }
}
