using System.Net.Http.Headers;

namespace Thoth.Interception.Http;

/// <summary>The headers that every request to the Thoth API carries (contract §1.1.2, §1.1.3).</summary>
internal static class RequestHeaders
{
    private static readonly string s_userAgent = new ProductInfoHeaderValue(
        "Thoth.Interception", typeof(RequestHeaders).Assembly.GetName().Version?.ToString(3)).ToString();

    /// <summary>Sets the headers that do not depend on options. A host may change them on the client.</summary>
    public static void SetDefaults(HttpClient client)
    {
        // Added as text: parsed headers would be formatted again for each request.
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", s_userAgent);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json");
    }

    /// <summary>Combines the API key's headers with those that are set on the client; the key's win.</summary>
    public static KeyValuePair<string, string>[] Of(HttpClient client, string? apiKey)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (apiKey is not null)
        {
            // Both forms, because some ingresses strip one of them (contract §1.1.2).
            headers["Authorization"] = $"Bearer {apiKey}";
            headers["X-Api-Key"] = apiKey;
        }

        foreach (var (name, values) in client.DefaultRequestHeaders.NonValidated)
        {
            headers.TryAdd(name, values.ToString());
        }

        return [.. headers];
    }
}
