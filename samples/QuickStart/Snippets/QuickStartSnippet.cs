using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace QuickStart.Snippets;

/// <summary>README: the quick start.</summary>
internal static class QuickStartSnippet
{
    public static void Run(string[] args)
    {
        // snippet: quick-start
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddScoped<IDocumentTools, DocumentTools>();

        builder.Services.AddThoth(options =>
        {
            options.TenantId = "acme";
            options.AgentId = "support-agent";
        }).UseLocalPolicy("thoth.policy.json").AddGovernedTools<IDocumentTools>();

        builder.Build().Run();
        // end-snippet
    }
}
