using System.Net;
using System.Text;

namespace Thoth.Interception.Http;

/// <summary>Tells an operator what to check when the API refuses a key (contract §1.1.10). For logs only.</summary>
internal static class AuthHint
{
    private const int MaxBytes = 512;

    private static readonly string[] s_keyProblems = ["expired", "invalid", "forbidden", "unauthorized", "scope"];

    /// <summary>Reads at most 512 bytes of the response (contract §1.1.5). Never throws.</summary>
    /// <returns>The hint, or <see langword="null"/> if the status is neither 401 nor 403.</returns>
    public static async ValueTask<string?> ForAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            return null;
        }

        var start = new byte[MaxBytes];
        var length = 0;
        try
        {
            using var body = ContentCoding.Decode(
                response.Content, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
            length = await body.ReadAtLeastAsync(start, MaxBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Without the body, the hint is based on the status alone.
        }

        return For(response.StatusCode, Encoding.UTF8.GetString(start, 0, length));
    }

    public static string For(HttpStatusCode status, string body)
    {
        if (status == HttpStatusCode.Forbidden && body.Contains("<html", StringComparison.OrdinalIgnoreCase))
        {
            return "probably a firewall or an ingress in front of the API answered with a web page; check the route to the API";
        }

        return s_keyProblems.Any(problem => body.Contains(problem, StringComparison.OrdinalIgnoreCase))
            ? "keys are never refreshed: issue a new key, or one with the right scope"
            : "check the key's scope, its time to live and the tenant it is bound to";
    }
}
