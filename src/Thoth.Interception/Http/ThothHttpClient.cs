using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Thoth.Interception.Http;

/// <summary>What every request to the Thoth API has in common (contract §1.1).</summary>
internal static class ThothHttpClient
{
    /// <summary>The name under which <see cref="IHttpClientFactory"/> knows the client; hosts may add handlers to it.</summary>
    public const string ClientName = "Thoth";

    private static readonly TimeSpan s_longestConnect = TimeSpan.FromSeconds(2);

    private static readonly string s_userAgent = new ProductInfoHeaderValue(
        "Thoth.Interception", typeof(ThothHttpClient).Assembly.GetName().Version?.ToString(3)).ToString();

    /// <summary>
    /// Adds the client. Each request has its own time limit. The connection pool renews connections, so that a handler may be
    /// kept for good.
    /// </summary>
    public static void AddThothClient(this IServiceCollection services)
    {
        services.AddHttpClient(ClientName, static client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;

                // As texts: parsed headers would be copied and written out anew for every request.
                client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", s_userAgent);
                client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "application/json");
            })
            .UseSocketsHttpHandler(static (handler, provider) =>
                Configure(handler, provider.GetRequiredService<IOptions<ThothOptions>>().Value))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)

            // A request's URL may hold a hold token.
            .RemoveAllLoggers();
        services.PostConfigure<HttpClientFactoryOptions>(
            ClientName, static options => options.HttpMessageHandlerBuilderActions.Add(static builder => RefuseRedirects(builder.PrimaryHandler)));
    }

    private static void Configure(SocketsHttpHandler handler, ThothOptions options)
    {
        handler.ConnectTimeout = options.EnforcementTimeout < s_longestConnect ? options.EnforcementTimeout : s_longestConnect;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.EnableMultipleHttp2Connections = true;
        handler.UseCookies = false;

        // What has arrived of an unread body is skipped, so that the connection stays in use; what has not is never waited for.
        handler.ResponseDrainTimeout = TimeSpan.Zero;

        // Spans of System.Net.Http would carry the hold token as part of the URL. The governed call has a span of its own.
        handler.ActivityHeadersPropagator = null;
    }

    /// <summary>
    /// Contract §1.1.4: with a redirect, keys and arguments would go to wherever it points, and the verdict would come from
    /// there. So the last word is ours, whatever handler a host has put in place of the one above.
    /// </summary>
    private static void RefuseRedirects(HttpMessageHandler primary)
    {
        if (primary is SocketsHttpHandler sockets)
        {
            sockets.AllowAutoRedirect = false;
        }
        else if (primary is HttpClientHandler client)
        {
            client.AllowAutoRedirect = false;
        }
    }
}
