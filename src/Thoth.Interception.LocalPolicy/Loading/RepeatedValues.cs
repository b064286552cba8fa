using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>Reports a value that a list has twice. The author meant another one, which the list now misses.</summary>
internal sealed class RepeatedValues(PolicyText text) : IEqualityComparer<PolicyNode>
{
    /// <summary>Reports each string, number, true or false that equals an earlier one.</summary>
    public void Report(List<PolicyNode> items)
    {
        if (items.Count < 2)
        {
            return;
        }

        var seen = new HashSet<PolicyNode>(this);
        foreach (var item in items)
        {
            if (item.Kind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null) && !seen.Add(item))
            {
                text.Report(item, $"'{Shown(item)}' is in the list already. Remove one.");
            }
        }
    }

    public bool Equals(PolicyNode? x, PolicyNode? y) =>
        x!.Kind == y!.Kind && (x.Kind switch
        {
            JsonValueKind.String => string.Equals(x.Text, y.Text, StringComparison.Ordinal),
            JsonValueKind.Number => PolicyNumber.From(Json(x)).CompareTo(PolicyNumber.From(Json(y))) == 0,
            _ => true,
        });

    /// <summary>Equal numbers have the same nearest double, however they are written.</summary>
    public int GetHashCode(PolicyNode obj) => obj.Kind switch
    {
        JsonValueKind.String => obj.Text.GetHashCode(StringComparison.Ordinal),
        JsonValueKind.Number => (Json(obj).GetDouble() + 0.0).GetHashCode(),
        _ => (int)obj.Kind,
    };

    private JsonElement Json(PolicyNode node) => JsonElement.Parse(text.Slice(node).Span);

    private string Shown(PolicyNode node) => PolicyText.Shown(node.Kind == JsonValueKind.String ? node.Text : Json(node).GetRawText());
}
