using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception;

/// <summary>What every request to the Thoth API has in common (contract §1.1).</summary>
internal static class ThothHttp
{
    /// <summary>The name under which <see cref="IHttpClientFactory"/> knows the client; hosts may add handlers to it.</summary>
    public const string ClientName = "Thoth";

    private static readonly ProductInfoHeaderValue s_userAgent = new(
        "Thoth.Interception", typeof(ThothHttp).Assembly.GetName().Version?.ToString(3));

    /// <summary>
    /// Adds the client. Redirects are not followed: keys and arguments would go with them to wherever they point
    /// (contract §1.1.4). Each request has its own time limit.
    /// </summary>
    public static void AddThothClient(this IServiceCollection services) => services
        .AddHttpClient(ClientName, static client =>
        {
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.DefaultRequestHeaders.UserAgent.Add(s_userAgent);
            client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        })
        .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(2),
        })

        // A request's URL may hold a hold token.
        .RemoveAllLoggers();

    /// <summary>Both forms, because some ingress takes one of them off (contract §1.1.2).</summary>
    public static void Authorize(this HttpRequestMessage request, string? apiKey)
    {
        if (apiKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {apiKey}");
            request.Headers.TryAddWithoutValidation("X-Api-Key", apiKey);
        }
    }
}
