using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace QuickStart.Snippets;

/// <summary>README: options from appsettings.json.</summary>
internal static class ConfigurationSnippet
{
    public static void Use(HostApplicationBuilder builder)
    {
        // snippet: configuration
        builder.Services.AddThoth(builder.Configuration).UseLocalPolicy(builder.Configuration);
        // end-snippet
    }
}
