using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Thoth.Interception.Http;

/// <summary>Registers and configures the HTTP client of the Thoth API (contract §1.1).</summary>
internal static class ThothHttpClient
{
    /// <summary>The name under which <see cref="IHttpClientFactory"/> knows the client; hosts may add handlers to it.</summary>
    public const string ClientName = "Thoth";

    private static readonly TimeSpan s_maxConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Adds the client. Each request has its own timeout. The handler is kept as long as the process runs, because its pool
    /// renews the connections.
    /// </summary>
    public static void AddThothClient(this IServiceCollection services)
    {
        services.AddHttpClient(ClientName, static client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                RequestHeaders.SetDefaults(client);
            })
            .UseSocketsHttpHandler(static (handler, provider) =>
                Configure(handler, provider.GetRequiredService<IOptions<ThothOptions>>().Value))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)

            // A request's URL may hold a hold token.
            .RemoveAllLoggers();
        services.PostConfigure<HttpClientFactoryOptions>(
            ClientName,
            static options => options.HttpMessageHandlerBuilderActions.Add(static builder =>
            {
                RefuseRedirects(builder.PrimaryHandler);
                ProxyPolicy.Apply(builder.PrimaryHandler, builder.Services.GetRequiredService<IOptions<ThothOptions>>().Value.ApiUrl);
            }));
    }

    private static void Configure(SocketsHttpHandler handler, ThothOptions options)
    {
        handler.ConnectTimeout = options.EnforcementTimeout < s_maxConnectTimeout ? options.EnforcementTimeout : s_maxConnectTimeout;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.EnableMultipleHttp2Connections = true;
        handler.UseCookies = false;

        // Bytes of an unread body that have arrived are skipped, so that the connection can be reused; the rest is not waited for.
        handler.ResponseDrainTimeout = TimeSpan.Zero;

        // Spans of System.Net.Http would carry the hold token as part of the URL. The governed call has a span of its own.
        handler.ActivityHeadersPropagator = null;
    }

    /// <summary>
    /// Turns redirects off, also on a primary handler that the host has set (contract §1.1.4). A redirect would send keys and
    /// arguments to another server and take the decision from there.
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
