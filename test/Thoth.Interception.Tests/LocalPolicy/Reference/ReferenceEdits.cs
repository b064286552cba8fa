using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Applies the edits of <c>modify</c> rules.</summary>
internal static class ReferenceEdits
{
    private static readonly string[] s_order = ["remove", "remove_values", "keep_values", "replace", "set"];

    /// <summary>Gets the arguments of the run.</summary>
    /// <exception cref="EditDoesNotFitException">An edit does not fit the arguments.</exception>
    public static JsonNode Apply(IEnumerable<ReferenceRule> rules, JsonObject? arguments)
    {
        var holder = new JsonObject { ["args"] = arguments ?? [] };
        foreach (var rule in rules)
        {
            foreach (var key in s_order.Where(rule.Modify.ContainsKey))
            {
                foreach (var (path, operand) in EditsOf(rule.Modify[key]!))
                {
                    Edit(new ReferencePlace(holder, "args", 0, isElement: false), [.. ReferenceStep.Parse(path)], key, operand);
                }
            }
        }

        var result = holder["args"]!;
        return ReferenceJson.IsNestedTooDeep(result) ? throw new EditDoesNotFitException() : result;
    }

    private static IEnumerable<(string Path, JsonNode? Operand)> EditsOf(JsonNode edits) => edits is JsonObject byPath
        ? byPath.Select(pair => (pair.Key, pair.Value))
        : ReferenceJson.OneOrMore(edits).Select(path => ((string)path!, (JsonNode?)null));

    private static void Edit(ReferencePlace place, ReadOnlySpan<ReferenceStep> steps, string key, JsonNode? operand)
    {
        if (steps.IsEmpty)
        {
            Edit(place, key, operand);
            return;
        }

        if (place.Value is null)
        {
            if (key != "set")
            {
                return;
            }

            if (steps[0].Name is null || place.IsElement)
            {
                throw new EditDoesNotFitException();
            }

            place.Write(new JsonObject());
        }

        var places = PlacesOf(place.Value!, steps[0]);
        if (places.Count == 0 && key == "set")
        {
            throw new EditDoesNotFitException();
        }

        foreach (var next in places)
        {
            Edit(next, steps[1..], key, operand);
        }
    }

    private static IReadOnlyList<ReferencePlace> PlacesOf(JsonNode value, ReferenceStep step) => (value, step) switch
    {
        (JsonObject item, { IsEach: true }) => [.. item.Select(member => new ReferencePlace(item, member.Key, 0, isElement: true))],
        (JsonObject item, { Name: { } name }) => [new(item, name, 0, isElement: false)],
        // The last element first, so that a removal does not move the others.
        (JsonArray array, { IsEach: true }) => [.. Enumerable.Range(0, array.Count).Reverse().Select(index => new ReferencePlace(array, null, index, isElement: true))],
        (JsonArray array, { Index: { } index }) => [new(array, null, index, isElement: true)],
        _ => throw new EditDoesNotFitException(),
    };

    private static void Edit(ReferencePlace place, string key, JsonNode? operand)
    {
        switch (key)
        {
            case "remove" when place.Exists:
                place.Remove();
                break;
            case "remove_values" or "keep_values" when place.Value is not null:
                Filter(place.Value as JsonArray ?? throw new EditDoesNotFitException(), key, [.. ReferenceJson.OneOrMore(operand)]);
                break;
            case "replace" when place.Value is not null:
                place.Write(operand?.DeepClone());
                break;
            case "set":
                if (!place.Exists && place.IsElement)
                {
                    throw new EditDoesNotFitException();
                }

                place.Write(operand?.DeepClone());
                break;
        }
    }

    private static void Filter(JsonArray array, string key, JsonNode?[] values)
    {
        foreach (var element in array.ToList())
        {
            var isEqual = values.Any(value => ReferenceJson.AreEqual(value, element));
            if (key == "remove_values" && element is not null && !values.Any(value => ReferenceJson.HaveSameType(value, element)))
            {
                throw new EditDoesNotFitException();
            }

            if (isEqual != (key == "keep_values"))
            {
                array.Remove(element);
            }
        }
    }
}
