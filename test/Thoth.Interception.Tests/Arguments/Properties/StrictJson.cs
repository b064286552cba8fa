using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>Finds what makes a JSON text ambiguous: names that appear twice, and text that is not Unicode.</summary>
internal static class StrictJson
{
    public static string? Fault(byte[] json)
    {
        try
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(json);
            using var document = JsonDocument.Parse(json);
            return Fault(document.RootElement, "");
        }
        catch (Exception exception) when (exception is DecoderFallbackException or JsonException or InvalidOperationException)
        {
            return $"is not JSON: {exception.Message}";
        }
    }

    private static string? Fault(JsonElement json, string path)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>();
                return json.EnumerateObject()
                    .Select(member => names.Add(member.Name) ? Fault(member.Value, $"{path}.{member.Name}") : $"has the name {path}.{member.Name} twice")
                    .FirstOrDefault(fault => fault is not null);
            case JsonValueKind.Array:
                return json.EnumerateArray().Select((item, i) => Fault(item, $"{path}[{i}]")).FirstOrDefault(fault => fault is not null);
            case JsonValueKind.String:
                _ = json.GetString();
                return null;
            default:
                return null;
        }
    }
}

/// <summary>Changes one leaf of a JSON value, or drops the last element of a list.</summary>
internal static class JsonChange
{
    public static JsonElement At(JsonElement json, Random chance)
    {
        var nodes = new List<(JsonNode Parent, object At)>();
        var root = new JsonArray(JsonNode.Parse(json.GetRawText()));
        Collect(root, nodes);
        var (parent, at) = nodes[chance.Next(nodes.Count)];
        var old = at is int index ? parent[index] : parent[(string)at];
        if (parent is JsonArray list && !ReferenceEquals(list, root) && chance.Next(3) == 0)
        {
            list.RemoveAt(list.Count - 1);
        }
        else if (at is int i)
        {
            parent[i] = Other(old);
        }
        else
        {
            parent[(string)at] = Other(old);
        }

        return JsonSerializer.SerializeToElement(root[0]);
    }

    private static void Collect(JsonNode node, List<(JsonNode Parent, object At)> nodes)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => ((object)member.Key, member.Value)).ToArray(),
            JsonArray items => [.. items.Select((item, i) => ((object)i, item))],
            _ => [],
        };
        foreach (var (at, child) in children)
        {
            // A placeholder says no value that a decision could change.
            if (child is not JsonObject { Count: 1 } placeholder || !placeholder.ContainsKey("$opaque"))
            {
                nodes.Add((node, at));
                if (child is not null)
                {
                    Collect(child, nodes);
                }
            }
        }

        if (nodes.Count == 0)
        {
            nodes.Add((node, 0));
        }
    }

    private static JsonNode? Other(JsonNode? old) => old?.GetValueKind() switch
    {
        JsonValueKind.Number => JsonValue.Create(old.ToJsonString() == "7" ? 8 : 7),
        JsonValueKind.String => JsonValue.Create("changed"),
        JsonValueKind.True => JsonValue.Create(false),
        JsonValueKind.False => JsonValue.Create(true),
        _ => null,
    };
}
