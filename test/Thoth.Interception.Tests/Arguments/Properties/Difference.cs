using System.Text.Json;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>The first difference between what a tool reads and what an enforcer is shown, or what another tool reads.</summary>
internal static class Difference
{
    /// <summary>Compares what the tool reads with what the enforcer is shown.</summary>
    public static string? Between(Seen seen, JsonElement json, string path = "value") => seen switch
    {
        SeenByAuthor => null,
        SeenUnreadable { Why: var why } => $"{path} {why}, but it is shown",
        SeenNull => json.ValueKind == JsonValueKind.Null ? null : $"{path} is null, but shown is {Short(json)}",
        SeenOpaque { Type: var type } => IsPlaceholder(json) ? null : $"{path} is {Names.Of(type)}, but shown is {Short(json)}",
        SeenLeaf { Value: var value } => LeafView.IsShown(value, json)
            ? null : $"{path} is {Names.Of(value.GetType())} {Names.Literal(value)}, but shown is {Short(json)}",
        SeenObject value => Members(value, json, path),
        SeenItems { Own: [] } items => Items(items, json, path),
        SeenEntries { Own: [] } entries => Entries(entries, json, path),
        SeenItems { Own: var own } => $"{path} has the members {string.Join(", ", own.Select(member => member.Name))} beside its elements, but shown is {Short(json)}",
        SeenEntries { Own: var own } => $"{path} has the members {string.Join(", ", own.Select(member => member.Name))} beside its entries, but shown is {Short(json)}",
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Compares what the tool reads with what it should read.</summary>
    /// <param name="expected">What it should read.</param>
    /// <param name="actual">What it reads.</param>
    /// <param name="path">Where in the argument.</param>
    public static string? Between(Seen expected, Seen actual, string path = "value") => (expected, actual) switch
    {
        (SeenByAuthor a, SeenByAuthor b) => Between(a.Inner, b.Inner, path),
        (SeenOpaque a, SeenOpaque b) when a.Type == b.Type => null,
        (SeenNull, SeenNull) or (SeenUnreadable, SeenUnreadable) => null,
        (SeenLeaf a, SeenLeaf b) => LeafView.Same(a.Value, b.Value) ? null : Wrong(expected, actual, path),
        (SeenObject a, SeenObject b) when IsLike(a.Type, b.Type) && a.Members.Select(m => m.Name).Order().SequenceEqual(b.Members.Select(m => m.Name).Order()) =>
            a.Members.OrderBy(m => m.Name).Zip(b.Members.OrderBy(m => m.Name))
                .Select(pair => Between(pair.First.Value, pair.Second.Value, $"{path}.{pair.First.Name}")).FirstOrDefault(found => found is not null),
        (SeenItems a, SeenItems b) when IsLike(a.Type, b.Type) && a.Items.Count == b.Items.Count =>
            (a.Ordered
                ? a.Items.Zip(b.Items).Select((pair, i) => Between(pair.First, pair.Second, $"{path}[{i}]")).FirstOrDefault(found => found is not null)
                : Matched(a.Items, b.Items, (x, y) => Between(x, y, path) is null) ? null : Wrong(expected, actual, path))
            ?? Own(a.Own, b.Own, path),
        (SeenEntries a, SeenEntries b) when IsLike(a.Type, b.Type) && a.Entries.Count == b.Entries.Count =>
            (Matched(a.Entries, b.Entries, (x, y) => Between(x.Key, y.Key, path) is null && Between(x.Value, y.Value, path) is null)
                ? null : Wrong(expected, actual, path))
            ?? Own(a.Own, b.Own, path),
        _ => Wrong(expected, actual, path),
    };

    /// <summary>Whether the class is the one that the place shows: any, if it declares an interface of the platform.</summary>
    public static bool IsLike(Type? expected, Type? actual) => expected is null || expected == actual;

    private static string? Own(IReadOnlyList<SeenMember> a, IReadOnlyList<SeenMember> b, string path) =>
        Between(new SeenObject(null, a), new SeenObject(null, b), path);

    private static string Wrong(Seen expected, Seen actual, string path) => $"{path} should be {Names.Of(expected)}, but the tool got {Names.Of(actual)}";

    private static string? Members(SeenObject seen, JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return $"{path} is {Names.Of(seen)}, but shown is {Short(json)}";
        }

        var names = seen.Members.Select(member => member.Name).Append(seen.Discriminator).ToHashSet();
        if (json.EnumerateObject().Select(shown => shown.Name).FirstOrDefault(name => !names.Contains(name)) is { } extra)
        {
            return $"{path} has no member {extra}, but it is shown";
        }

        foreach (var member in seen.Members)
        {
            var found = json.TryGetProperty(member.Name, out var shown) ? Between(member.Value, shown, $"{path}.{member.Name}")
                : member.MayBeAbsent ? null : $"{path}.{member.Name} is {Names.Of(member.Value)}, but it is not shown";
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private static string? Items(SeenItems seen, JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.String && seen.Items.All(item => item is SeenLeaf { Value: byte }))
        {
            return Between(new SeenLeaf(seen.Items.Select(item => (byte)((SeenLeaf)item).Value).ToArray()), json, path);
        }

        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() != seen.Items.Count)
        {
            return $"{path} is {Names.Of(seen)}, but shown is {Short(json)}";
        }

        return seen.Ordered
            ? seen.Items.Zip(json.EnumerateArray()).Select((pair, i) => Between(pair.First, pair.Second, $"{path}[{i}]")).FirstOrDefault(found => found is not null)
            : Matched(seen.Items, [.. json.EnumerateArray()], (item, shown) => Between(item, shown, path) is null)
                ? null : $"{path} is {Names.Of(seen)}, but shown is {Short(json)}";
    }

    /// <summary>A dictionary is shown as an object, or as a list of objects with Key and Value.</summary>
    private static string? Entries(SeenEntries seen, JsonElement json, string path)
    {
        var same = json.ValueKind switch
        {
            JsonValueKind.Object => Matched(
                seen.Entries, [.. json.EnumerateObject()],
                (entry, shown) => (entry.Key switch { SeenLeaf key => LeafView.IsText(key.Value, shown.Name), SeenByAuthor => true, _ => false })
                    && Between(entry.Value, shown.Value, path) is null),
            JsonValueKind.Array => Matched(
                seen.Entries, [.. json.EnumerateArray()],
                (entry, shown) => Between(new SeenObject(null, [new("Key", entry.Key), new("Value", entry.Value)]), shown, path) is null),
            _ => false,
        };
        return same ? null : $"{path} is {Names.Of(seen)}, but shown is {Short(json)}";
    }

    private static bool Matched<TA, TB>(IReadOnlyList<TA> a, IReadOnlyList<TB> b, Func<TA, TB, bool> same)
    {
        var rest = b.ToList();
        return a.Count == b.Count && a.All(x => rest.FindIndex(y => same(x, y)) is >= 0 and var i && Removed(rest, i));
    }

    private static bool Removed<T>(List<T> list, int index)
    {
        list.RemoveAt(index);
        return true;
    }

    private static bool IsPlaceholder(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.EnumerateObject().Take(2).ToArray() is [{ Name: "$opaque", Value.ValueKind: JsonValueKind.String }];

    private static string Short(JsonElement json) => json.GetRawText() is { Length: > 200 } text ? text[..200] + "…" : json.GetRawText();
}
