using System.Text.Json;
using Thoth.Interception;

namespace QuickStart.Snippets;

/// <summary>README: functions without an interface.</summary>
internal static class WrapToolSnippet
{
    public static async Task<string> OneAsync(IToolGovernor governor)
    {
        // snippet: wrap-tool
        var refund = governor.WrapTool("refund", async (string order, decimal amount) =>
        {
            await File.AppendAllTextAsync("ledger.csv", $"{order},{amount}\n");
            return $"refunded {amount}";
        });

        var result = await refund("A-1001", 40);
        // end-snippet
        return result;
    }

    public static string Json(IToolGovernor governor, string fromTheModel)
    {
        // snippet: wrap-tool-json
        var search = governor.WrapTool(
            "search",
            (string arguments) => $"nothing about {JsonSerializer.Deserialize<Query>(arguments)?.Text}",
            new WrappedToolOptions { JsonArguments = true });

        var result = search(fromTheModel);
        // end-snippet
        return result;
    }

    public static async Task<string> ManyAsync(IToolGovernor governor, string toolName, string argument)
    {
        // snippet: wrap-tools
        var tools = governor.WrapTools(new Dictionary<string, Func<string, Task<string>>>
        {
            ["read_doc"] = path => File.ReadAllTextAsync(path),
            ["search_docs"] = query => Task.FromResult($"nothing about {query}"),
        });

        // The model names the tool; the enforcer evaluates the call by that name and its arguments.
        var result = await tools[toolName](argument);
        // end-snippet
        return result;
    }

    private sealed record Query(string Text);
}
