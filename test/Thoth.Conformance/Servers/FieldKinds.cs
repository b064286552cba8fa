using System.Text.Json;

namespace Thoth.Conformance.Servers;

/// <summary>Kinds of values that cases expect, such as <c>&lt;text&gt;</c>; <c>&lt;text?&gt;</c> may be missing or null.</summary>
internal static class FieldKinds
{
    private const int LongestToken = 1024;

    private static readonly Dictionary<string, Func<JsonElement, bool>> s_kinds = new(StringComparer.Ordinal)
    {
        ["string"] = IsString,
        ["text"] = value => IsString(value) && !string.IsNullOrWhiteSpace(value.GetString()),
        ["token"] = value => IsString(value) && IsToken(value.GetString()!),
        ["number"] = value => value.ValueKind == JsonValueKind.Number,
        ["integer"] = value => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        ["boolean"] = value => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        ["object"] = IsObject,
        ["members"] = value => IsObject(value) && value.EnumerateObject().Any(),
        ["texts"] = value => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsString),
        ["objects"] = value => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsObject),
        ["numbers"] = value => IsObject(value) && value.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.Number),
        ["null"] = _ => false,
    };

    /// <returns>Whether the expected value names a kind.</returns>
    public static bool IsKind(JsonElement expected) =>
        expected.ValueKind == JsonValueKind.String && expected.GetString() is ['<', .., '>'];

    /// <param name="expected">The kind.</param>
    /// <param name="actual">The value, or <see langword="null"/> if there is none.</param>
    /// <exception cref="ConformanceException">There is no such kind.</exception>
    public static bool Matches(string expected, JsonElement? actual)
    {
        var name = expected[1..^1];
        var isOptional = name is "null" or [.., '?'];
        return s_kinds.TryGetValue(name.TrimEnd('?'), out var matches)
            ? actual is { ValueKind: not JsonValueKind.Null } value ? matches(value) : isOptional
            : throw new ConformanceException($"The runner does not know the kind {expected}.");
    }

    /// <summary>A token that fits into one segment of a path (contract §3.1).</summary>
    private static bool IsToken(string text) =>
        !string.IsNullOrWhiteSpace(text) && text is not ("." or "..") && text.Length <= LongestToken && !text.Any(char.IsControl);

    private static bool IsString(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool IsObject(JsonElement value) => value.ValueKind == JsonValueKind.Object;
}
