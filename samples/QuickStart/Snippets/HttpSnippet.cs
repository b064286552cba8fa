using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace QuickStart.Snippets;

/// <summary>README: Thoth over HTTP.</summary>
internal static class HttpSnippet
{
    public static void Use(HostApplicationBuilder builder)
    {
        // snippet: http
        builder.Services.AddTransient<TracingHandler>();
        builder.Services.AddThoth(options =>
        {
            options.ApiUrl = "https://enforce.acme.example";
            options.ApiKey = builder.Configuration["ThothKey"];
            options.TenantId = "acme";
            options.AgentId = "support-agent";
        }).ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler<TracingHandler>());
        // end-snippet
    }

    private sealed class TracingHandler : DelegatingHandler;
}
