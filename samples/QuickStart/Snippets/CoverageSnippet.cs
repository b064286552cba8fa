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
            // Throw, the default, stops the application at startup; Warn logs each finding once; Off checks nothing.
            options.Coverage = ToolCoverage.Warn;

            // A known case, with a reason that the catalogue shows.
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
