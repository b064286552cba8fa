using Microsoft.Net.Http.Headers;

namespace Thoth.Enforcer.Limits;

/// <summary>Tells requests of this server's own pages from those that another web site makes a browser send.</summary>
internal static class RequestOrigin
{
    /// <summary>
    /// Whether a browser says that another origin caused the request. A program that is not a browser sends neither header. Browsers
    /// send <c>Origin: null</c> for forms of this server too, because its pages have the referrer policy <c>no-referrer</c>.
    /// </summary>
    public static bool IsForeign(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is not ("same-origin" or "none");
        }

        return request.Headers[HeaderNames.Origin].ToString() is { Length: > 0 } origin && origin != "null"
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, AuthorityOf(request), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The host without the standard port of its scheme, as <see cref="Uri.Authority"/> has it.</summary>
    private static string AuthorityOf(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var uri) ? uri.Authority : "";
}
