using Microsoft.Net.Http.Headers;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Api;

/// <summary>Recognizes an SDK by the <c>User-Agent</c> of its HTTP client. Requests say it in no other way.</summary>
internal static class CallingSdks
{
    private static readonly (string Part, CallingSdk Sdk)[] s_agents =
    [
        ("Thoth.Interception/", CallingSdk.DotNet),
        ("Go-http-client/", CallingSdk.Go),
        ("python", CallingSdk.Python),
        ("node", CallingSdk.TypeScript),
        ("undici", CallingSdk.TypeScript),
    ];

    public static CallingSdk Of(HttpRequest request)
    {
        var agent = request.Headers[HeaderNames.UserAgent].ToString();
        return Array.Find(s_agents, entry => agent.Contains(entry.Part, StringComparison.OrdinalIgnoreCase)).Sdk;
    }
}
