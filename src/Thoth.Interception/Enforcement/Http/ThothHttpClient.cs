using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>The named client that every request to the enforcer goes through (contract §1.1).</summary>
internal static class ThothHttpClient
{
    public const string Name = "Thoth.Interception";

    private static readonly TimeSpan s_longestConnect = TimeSpan.FromSeconds(2);

    public static void Add(IServiceCollection services)
    {
        // The factory's own loggers would write the hold token, which is part of a path, at Information. The factory's
        // rotation of handlers is left to the connection pool, so that one client can be kept for good.
        services.AddHttpClient(Name)
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .UseSocketsHttpHandler((handler, provider) =>
                Configure(handler, provider.GetRequiredService<IOptions<ThothOptions>>().Value));
        services.PostConfigure<HttpClientFactoryOptions>(
            Name, options => options.HttpMessageHandlerBuilderActions.Add(builder => RefuseRedirects(builder.PrimaryHandler)));
    }

    private static void Configure(SocketsHttpHandler handler, ThothOptions options)
    {
        handler.ConnectTimeout = options.EnforcementTimeout < s_longestConnect ? options.EnforcementTimeout : s_longestConnect;
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.EnableMultipleHttp2Connections = true;
        handler.AutomaticDecompression = DecompressionMethods.All;
        handler.UseCookies = false;

        // What has arrived of an unread body is skipped, so that the connection stays in use; what has not is never waited for.
        handler.ResponseDrainTimeout = TimeSpan.Zero;

        // Spans of System.Net.Http would carry the hold token as part of the URL. The call has a span of its own.
        handler.ActivityHeadersPropagator = null;
    }

    /// <summary>
    /// Contract §1.1.4: a redirect would hand arguments and keys to another origin and take that one's verdict. So the last
    /// word is ours, whatever handler was put in place of the one above.
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
