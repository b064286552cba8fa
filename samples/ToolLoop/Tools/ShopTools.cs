using System.Globalization;
using System.Text.Json;
using Thoth.Interception;

namespace ToolLoops.Tools;

/// <summary>The tools of a shop. They know nothing about models and governance.</summary>
internal sealed class ShopTools(Transcript transcript)
{
    public const string Instructions =
        "You are the support agent of a shop. Use the tools. Tell the user in a few sentences what was done and what was not.";

    private static readonly Dictionary<string, (string Item, decimal Amount)> s_orders = new()
    {
        ["A-1002"] = ("a coffee machine", 250),
        ["A-1003"] = ("a bicycle", 900),
    };

    public static IReadOnlyList<ShopTool> All { get; } =
    [
        new("find_order", "Finds an order by its number.", ToolAction.Read, """
            {"type":"object","properties":{"order":{"type":"string"}},"required":["order"]}
            """),
        new("export_customers", "Exports all customers with the given columns.", ToolAction.Read, """
            {"type":"object","properties":{"columns":{"type":"array","items":{"enum":["name","city","email","phone"]}}},"required":["columns"]}
            """),
        new("delete_customer", "Deletes a customer.", ToolAction.Delete, """
            {"type":"object","properties":{"customer":{"type":"string"}},"required":["customer"]}
            """),
        new("build_report", "Builds the report of a quarter.", ToolAction.Execute, """
            {"type":"object","properties":{"quarter":{"type":"string"}},"required":["quarter"]}
            """),
        new("refund", "Refunds an amount of an order to its customer.", ToolAction.Write, """
            {"type":"object","properties":{"order":{"type":"string"},"amount":{"type":"number"}},"required":["order","amount"]}
            """),
    ];

    /// <summary>Describes a tool for the policy. A model may name one that does not exist; no rule permits that.</summary>
    public static ToolDescriptor Describe(string name) =>
        new(name) { Action = All.FirstOrDefault(tool => tool.Name == name)?.Action ?? ToolAction.Unspecified };

    public Task<string> RunAsync(string tool, IReadOnlyDictionary<string, object?> arguments)
    {
        transcript.ToolRuns(tool, arguments);
        return Task.FromResult(tool switch
        {
            "find_order" => FindOrder(Get<string>("order")),
            "export_customers" => $"3 customers are exported with {string.Join(", ", Get<string[]>("columns"))}.",
            "delete_customer" => $"Customer {Get<string>("customer")} is deleted.",
            "build_report" => $"The report of {Get<string>("quarter")} is built.",
            "refund" => string.Create(CultureInfo.InvariantCulture, $"{Get<decimal>("amount")} are refunded for order {Get<string>("order")}."),
            _ => throw new NotSupportedException($"The shop does not have a tool '{tool}'."),
        });

        // Without a governed interface, the arguments are the model's JSON.
        T Get<T>(string name) => ((JsonElement)arguments[name]!).Deserialize<T>()!;
    }

    private static string FindOrder(string order) => s_orders.TryGetValue(order, out var found)
        ? string.Create(CultureInfo.InvariantCulture, $"Order {order}: {found.Item}, {found.Amount}, delivered.")
        : $"Order {order} is unknown.";
}
