using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Page.SignIn;
using Thoth.Enforcer.Tenants;

namespace Thoth.Enforcer;

/// <summary>What a person reads at start: where the server is, how to point an SDK at it, and how to sign in.</summary>
internal static class StartupBanner
{
    public static string Of(string url, PageToken token, ApiKeys keys, EnforcerOptions options)
    {
        var link = token.IsConfigured
            ? $"{url}{PageAccess.SignInPath}   (with the token of THOTH_ENFORCER_PAGE_TOKEN)"
            : $"{url}{PageAccess.SignInPath}?token={token.Text}";
        var access = keys.Any
            ? $"{keys.Count} API keys"
            : $"none needed: there are no API keys, and all calls are of tenant '{options.Tenant ?? ApiAuthentication.LocalTenant}'";
        // Without a key the SDKs ask about calls but send no events: any text makes them.
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
