using System.Text.Json;

namespace Thoth.Conformance;

/// <summary>Compares JSON and finds values in it.</summary>
internal static class JsonMatch
{
    /// <summary>What of the expected JSON is missing; objects may have more keys than expected, lists no more items.</summary>
    public static IEnumerable<string> Subset(JsonElement expected, JsonElement? actual, string path) => Compare(expected, actual, path, more: true);

    public static IEnumerable<string> Equal(JsonElement expected, JsonElement? actual, string path) => Compare(expected, actual, path, more: false);

    /// <summary>The value at a path such as <c>events[0].metadata.decision_id</c>.</summary>
    public static JsonElement? At(JsonElement root, string path)
    {
        JsonElement? at = root;
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            at = step[0] == '[' ? Item(at, int.Parse(step[1..^1])) : Member(at, step);
        }

        return at;
    }

    public static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var member) ? member : null;

    public static JsonElement ToJson(object? value) =>
        value is JsonElement json ? json : JsonSerializer.SerializeToElement(value, s_snakeCase);

    private static readonly JsonSerializerOptions s_snakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static JsonElement? Item(JsonElement? json, int index) =>
        json is { ValueKind: JsonValueKind.Array } list && index < list.GetArrayLength() ? list[index] : null;

    private static IEnumerable<string> Compare(JsonElement expected, JsonElement? actual, string path, bool more)
    {
        if (actual is not { } found)
        {
            return [$"{path}: expected {expected.GetRawText()}, was missing"];
        }

        return (expected.ValueKind, found.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) => CompareObjects(expected, found, path, more),
            (JsonValueKind.Array, JsonValueKind.Array) when expected.GetArrayLength() == found.GetArrayLength() =>
                expected.EnumerateArray().Zip(found.EnumerateArray()).SelectMany((pair, i) => Compare(pair.First, pair.Second, $"{path}[{i}]", more)),
            _ when JsonElement.DeepEquals(expected, found) => [],
            _ => [$"{path}: expected {expected.GetRawText()}, was {found.GetRawText()}"],
        };
    }

    private static IEnumerable<string> CompareObjects(JsonElement expected, JsonElement actual, string path, bool more)
    {
        var differences = expected.EnumerateObject().SelectMany(member => Compare(member.Value, Member(actual, member.Name), $"{path}.{member.Name}", more));
        return more
            ? differences
            : differences.Concat(actual.EnumerateObject().Where(m => Member(expected, m.Name) is null).Select(m => $"{path}.{m.Name}: not expected"));
    }
}
