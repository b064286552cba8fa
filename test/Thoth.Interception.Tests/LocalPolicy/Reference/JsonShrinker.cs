using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Makes a JSON text smaller by one part, so that FsCheck finds the smallest counterexample.</summary>
internal static class JsonShrinker
{
    private static readonly Func<(JsonNode Parent, string? Name, int Index), bool>[] s_changes = [Remove, TakeTheOnlyElement, ReplaceByOne, ShortenText];

    public static IEnumerable<string> Smaller(string json)
    {
        var root = Parse(json);
        for (var i = 0; i < PartsOf(root).Count(); i++)
        {
            foreach (var change in s_changes)
            {
                var copy = Parse(json);
                if (change(PartsOf(copy).ElementAt(i)))
                {
                    yield return ReferenceJson.Write(copy);
                }
            }
        }
    }

    private static JsonNode Parse(string json) => JsonNode.Parse(json, documentOptions: new() { MaxDepth = 1000 })!;

    // The outer parts first: they take away most.
    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> PartsOf(JsonNode? node)
    {
        var parts = node switch
        {
            JsonObject item => item.Select(member => ((JsonNode)item, (string?)member.Key, 0)),
            JsonArray array => Enumerable.Range(0, array.Count).Select(index => ((JsonNode)array, (string?)null, index)),
            _ => [],
        };
        return parts.Concat(parts.SelectMany(part => PartsOf(ValueOf(part))));
    }

    private static JsonNode? ValueOf((JsonNode Parent, string? Name, int Index) part) =>
        part.Name is { } name ? part.Parent[name] : part.Parent[part.Index];

    private static bool Remove((JsonNode Parent, string? Name, int Index) part)
    {
        if (part.Name is { } name)
        {
            return part.Parent.AsObject().Remove(name);
        }

        part.Parent.AsArray().RemoveAt(part.Index);
        return true;
    }

    private static bool TakeTheOnlyElement((JsonNode Parent, string? Name, int Index) part) =>
        ValueOf(part) is JsonArray { Count: 1 } array && Write(part, array[0]?.DeepClone());

    private static bool ReplaceByOne((JsonNode Parent, string? Name, int Index) part) =>
        ValueOf(part) is { } value && !ReferenceJson.IsString(value) && ReferenceJson.Write(value) != "1" && Write(part, JsonNode.Parse("1"));

    private static bool ShortenText((JsonNode Parent, string? Name, int Index) part) =>
        ReferenceJson.IsString(ValueOf(part)) && (string)ValueOf(part)! is { Length: > 1 } text && Write(part, text[..^1]);

    private static bool Write((JsonNode Parent, string? Name, int Index) part, JsonNode? value)
    {
        if (part.Name is { } name)
        {
            part.Parent[name] = value;
        }
        else
        {
            part.Parent[part.Index] = value;
        }

        return true;
    }
}
