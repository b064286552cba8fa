using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;

namespace QuickStart.Snippets;

/// <summary>README: the coverage check and the catalogue.</summary>
internal static class CoverageSnippet
{
    public static void Use(IServiceCollection services)
    {
        // snippet: coverage
        services.AddGovernedTools<IDocumentTools>(options =>
        {
            // Throw, the default, stops the start of the application; Warn logs each finding once; Off skips the check.
            options.Coverage = ToolCoverage.Warn;

            // A known case: the catalogue lists it with this reason.
            options.AllowUngoverned(typeof(DocumentTools), "The nightly indexer reads documents without an agent.");
        });
        // end-snippet
    }

    public static void Print(IToolCatalog catalog)
    {
        // snippet: catalog
        foreach (var tool in catalog.Tools)
        {
            Console.WriteLine($"{tool.Name}: {tool.Interface.Name}.{tool.Method.Name}, {tool.Action}, {tool.Lifetime}");
        }
        // end-snippet
    }
}
