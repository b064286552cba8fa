using System.Text.Json;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>Compares everything that a decision left alone: values and runtime types beside the change, and runtime types around it.</summary>
internal static class LeftAlone
{
    /// <param name="original">What the tool would have read.</param>
    /// <param name="actual">What the tool read.</param>
    /// <param name="shown">The JSON that was decided about.</param>
    /// <param name="decided">The JSON of the decision.</param>
    /// <param name="path">Where in the argument.</param>
    public static string? Difference(Seen original, Seen actual, JsonElement shown, JsonElement decided, string path = "value")
    {
        if (shown.GetRawText() == decided.GetRawText())
        {
            return Properties.Difference.Between(original, actual, path);
        }

        if (shown.ValueKind != decided.ValueKind || shown.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return null;
        }

        return (original, actual) switch
        {
            (SeenByAuthor, _) or (SeenUnreadable, _) or (SeenLeaf, SeenLeaf) => null,
            (SeenObject a, SeenObject b) when Properties.Difference.IsLike(a.Type, b.Type) => a.Members.Select(member => Inside(
                member.Value, b.Members.FirstOrDefault(other => other.Name == member.Name)?.Value, shown, decided, member.Name, path))
                .FirstOrDefault(found => found is not null),
            (SeenItems { Ordered: true } a, SeenItems b) when Properties.Difference.IsLike(a.Type, b.Type) => a.Items.Zip(b.Items)
                .Zip(shown.EnumerateArray().Zip(decided.EnumerateArray()))
                .Select((pair, i) => Difference(pair.First.First, pair.First.Second, pair.Second.First, pair.Second.Second, $"{path}[{i}]"))
                .FirstOrDefault(found => found is not null),
            (SeenItems a, SeenItems b) when Properties.Difference.IsLike(a.Type, b.Type) => null,
            (SeenEntries a, SeenEntries b) when Properties.Difference.IsLike(a.Type, b.Type) && shown.ValueKind == JsonValueKind.Object => shown.EnumerateObject()
                .Select(member => Inside(Of(a, member.Name), Of(b, member.Name), shown, decided, member.Name, path)).FirstOrDefault(found => found is not null),
            (SeenEntries a, SeenEntries b) when Properties.Difference.IsLike(a.Type, b.Type) => null,
            _ => $"{path} should be like {Names.Of(original)}, but the tool got {Names.Of(actual)}",
        };
    }

    private static string? Inside(Seen? original, Seen? actual, JsonElement shown, JsonElement decided, string name, string path) =>
        original is not null && actual is not null && shown.TryGetProperty(name, out var before) && decided.TryGetProperty(name, out var after)
            ? Difference(original, actual, before, after, $"{path}.{name}") : null;

    private static Seen? Of(SeenEntries entries, string name) =>
        entries.Entries.FirstOrDefault(entry => entry.Key is SeenLeaf key && LeafView.IsText(key.Value, name)).Value;
}
