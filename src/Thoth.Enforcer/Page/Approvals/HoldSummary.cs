using System.Text.Json;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Page.Layout;
using Thoth.Enforcer.Page.Text;

namespace Thoth.Enforcer.Page.Approvals;

/// <summary>Tells a call apart from others of the same tool: by the argument that says how much or what, and the end of its id.</summary>
internal static class HoldSummary
{
    private const int IdLength = 6;
    private const int MaxValue = 40;

    private static readonly string[] s_amounts = ["amount", "total", "sum", "price", "value", "quantity", "count", "limit"];

    public static string ShortId(HoldRow hold) => hold.Id.Length <= IdLength ? hold.Id : hold.Id[^IdLength..];

    public static Html Of(HoldRow hold) => Argument(hold) is var (name, value)
        ? Html.Of($"{name} {value}, id {ShortId(hold)}")
        : Html.Of($"id {ShortId(hold)}");

    private static (string Name, string Value)? Argument(HoldRow hold)
    {
        var scalars = JsonElement.Parse(hold.ArgumentsToRun ?? hold.Arguments).EnumerateObject()
            .Where(static member => member.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) && !SensitiveNames.Include(member.Name))
            .ToList();
        if (scalars.Count == 0)
        {
            return null;
        }

        var best = scalars.FindIndex(static member =>
            member.Value.ValueKind == JsonValueKind.Number && Array.Exists(s_amounts, part => member.Name.Contains(part, StringComparison.OrdinalIgnoreCase)));
        var chosen = scalars[Math.Max(best, 0)];
        return (Cut(chosen.Name), Cut(chosen.Value.ToString()));
    }

    private static string Cut(string text) => OutsideText.Cut(text, MaxValue) is var (shown, _) && shown.Length < text.Length ? $"{shown}…" : text;
}
