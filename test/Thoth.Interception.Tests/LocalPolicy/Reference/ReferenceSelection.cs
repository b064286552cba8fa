using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>A value at the end of a path. A missing value is null, as the JSON null.</summary>
internal readonly record struct Selected(JsonNode? Value, bool IsUnknown = false);

/// <summary>Follows a path for a condition.</summary>
internal static class ReferenceSelection
{
    public static IReadOnlyList<Selected> Select(JsonNode? value, IEnumerable<ReferenceStep> steps)
    {
        if (steps.FirstOrDefault() is not { } step)
        {
            return [new(value)];
        }

        var next = steps.Skip(1);
        return (value, step) switch
        {
            (null, { IsEach: true }) => [],
            (null, _) => Select(null, next),
            (JsonObject item, { IsEach: true }) => [.. item.SelectMany(member => Select(member.Value, next))],
            (JsonObject item, { Name: { } name }) => Select(item[name], next),
            (JsonArray array, { IsEach: true }) => [.. array.SelectMany(element => Select(element, next))],
            (JsonArray array, { Index: { } index }) => Select(array.ElementAtOrDefault(index), next),
            _ => [new(null, IsUnknown: true)],
        };
    }
}
