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
            // Throw keeps the application from starting and is the default; Warn logs each finding once; Off looks for nothing.
            options.Coverage = ToolCoverage.Warn;

            // A known case, with the reason for whoever reads the catalogue.
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
