using System.Net;
using System.Text;

namespace Thoth.Interception.Http;

/// <summary>What an operator should look at when the API refuses a key (contract §1.1.10). For logs only.</summary>
internal static class AuthHint
{
    private const int MaxBytes = 512;

    private static readonly string[] s_aboutKeys = ["expired", "invalid", "forbidden", "unauthorized", "scope"];

    /// <summary>Reads no more of the answer than the contract allows (§1.1.5). Never throws: a hint is not worth a failure.</summary>
    /// <returns>The hint; <see langword="null"/> for an answer that is not about the key.</returns>
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
            // The status alone says enough.
        }

        return For(response.StatusCode, Encoding.UTF8.GetString(start, 0, length));
    }

    public static string For(HttpStatusCode status, string body)
    {
        if (status == HttpStatusCode.Forbidden && body.Contains("<html", StringComparison.OrdinalIgnoreCase))
        {
            return "probably a firewall or ingress in front of the API, which answered with a web page";
        }

        return s_aboutKeys.Any(word => body.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? "keys are used as they are and never refreshed: issue a new one, or one with the right scope"
            : "check the key's scope, its time to live and the tenant it is bound to";
    }
}
