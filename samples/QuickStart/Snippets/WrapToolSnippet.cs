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

        var answer = await refund("A-1001", 40);
        // end-snippet
        return answer;
    }

    public static async Task<string> ManyAsync(IToolGovernor governor, string toolName, string argument)
    {
        // snippet: wrap-tools
        var tools = governor.WrapTools(new Dictionary<string, Func<string, Task<string>>>
        {
            ["read_doc"] = path => File.ReadAllTextAsync(path),
            ["search_docs"] = query => Task.FromResult($"nothing about {query}"),
        });

        // The model names the tool; the call is decided by that name and its arguments.
        var answer = await tools[toolName](argument);
        // end-snippet
        return answer;
    }
}
