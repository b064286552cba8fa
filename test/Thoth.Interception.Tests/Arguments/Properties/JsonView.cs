using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.Arguments.Properties;

/// <summary>Reads a JSON value in an argument as a tool would, with every name that it has.</summary>
internal static class JsonView
{
    public static Seen Of(object json) => json switch
    {
        JsonElement element => Of(element, typeof(JsonElement)),
        JsonDocument document => Of(document.RootElement, typeof(JsonDocument)),
        _ => Of((JsonNode)json),
    };

    private static Seen Of(JsonElement json, Type type) => json.ValueKind switch
    {
        JsonValueKind.Object => new SeenObject(
            type, [.. json.EnumerateObject().Select(property => Name(property) is { } name
                ? new SeenMember(name, Of(property.Value, type))
                : new SeenMember("\ufffd", new SeenUnreadable("name is not Unicode")))]),
        JsonValueKind.Array => new SeenItems(type, [.. json.EnumerateArray().Select(item => Of(item, type))], Ordered: true, []),
        JsonValueKind.String => Text(json) is { } text ? new SeenLeaf(text) : new SeenUnreadable("text is not Unicode"),
        JsonValueKind.Number => new SeenLeaf(new JsonNumber(json.GetRawText())),
        JsonValueKind.True or JsonValueKind.False => new SeenLeaf(json.GetBoolean()),
        _ => SeenNull.Instance,
    };

    private static Seen Of(JsonNode node)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var text))
        {
            return IsUnicode(text) ? new SeenLeaf(text) : new SeenUnreadable("text is not Unicode");
        }

        try
        {
            return node switch
            {
                JsonObject members => new SeenObject(
                    typeof(JsonNode), [.. members.Select(member => new SeenMember(member.Key, member.Value is null ? SeenNull.Instance : Of(member.Value)))]),
                JsonArray items => new SeenItems(
                    typeof(JsonNode), [.. items.Select(item => item is null ? SeenNull.Instance : Of(item))], Ordered: true, []),
                _ => Of(JsonDocument.Parse(node.ToJsonString()).RootElement, typeof(JsonNode)),
            };
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // A JsonObject that was parsed from text finds a repeated name when it is first read.
            return new SeenUnreadable("node cannot be read");
        }
    }

    private static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsUnicode(string text)
    {
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var read) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[read..];
        }

        return true;
    }
}
