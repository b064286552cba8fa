using System.Text.Json;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Binds the arguments of a MODIFY decision to a tool's parameters, wholly or not at all (contract §4): by parameter name,
/// else by position.
/// </summary>
internal static class ModifiedArguments
{
    /// <summary>Binds the decision's arguments.</summary>
    /// <param name="parameters">The tool's parameters.</param>
    /// <param name="modified">The decision's arguments.</param>
    /// <param name="values">The caller's values. Parameters that are not sent, and those that the decision leaves as they are, keep theirs.</param>
    /// <param name="shown">The arguments that were shown.</param>
    /// <returns>The values to run with, and what the kept ones must still say; <see langword="null"/> if the decision cannot be applied.</returns>
    public static (object?[] Values, ModifiedApproval Approved)? Bind(
        ToolParameters parameters, JsonElement? modified, object?[] values, ReadOnlyMemory<byte> shown)
    {
        if (modified is not { ValueKind: JsonValueKind.Object } replacement || !replacement.EnumerateObject().MoveNext())
        {
            return null;
        }

        if (parameters.Whole is { } whole)
        {
            // Rule 2 comes before rule 3: "args" alone lists the call's positions, of which there is one.
            var bound = IsList(replacement) ? Positional([whole], replacement) : new() { [whole.Name] = replacement };
            return bound is null ? null : Apply(parameters, [whole], bound, values, shown);
        }

        var wire = new List<ToolParameter>(parameters.All.Count);
        foreach (var parameter in parameters.All)
        {
            if (parameter.IsOnTheWire)
            {
                wire.Add(parameter);
            }
        }

        if (IsList(replacement) && !wire.Exists(static parameter => parameter.Name == "args")
            && wire.Find(static parameter => parameter.Name == "kwargs" && parameter.CanBeAllArguments) is { } keywords)
        {
            return ListBesideKeywords(parameters, wire, keywords, replacement, values, shown);
        }

        if (NamesAnyOf(wire, replacement) || Positional(wire, replacement) is not { } byName)
        {
            byName = NamedBy(replacement);
        }

        return byName is null ? null : Apply(parameters, wire, byName, values, shown);
    }

    private static bool NamesAnyOf(List<ToolParameter> wire, JsonElement replacement) =>
        wire.Exists(parameter => replacement.TryGetProperty(parameter.Name, out _));

    private static Dictionary<string, JsonElement>? NamedBy(JsonElement replacement)
    {
        var byName = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in replacement.EnumerateObject())
        {
            if (!byName.TryAdd(property.Name, property.Value))
            {
                return null;
            }
        }

        return byName;
    }

    /// <summary>Rules 2, 4 and 5: <c>args</c> with <c>kwargs</c>, one <c>arg0</c> or <c>input</c>, and <c>arg0</c> to <c>argN</c>.</summary>
    private static Dictionary<string, JsonElement>? Positional(List<ToolParameter> wire, JsonElement replacement)
    {
        if (IsList(replacement))
        {
            var named = replacement.TryGetProperty("kwargs", out var keywords) && keywords.ValueKind == JsonValueKind.Object
                ? NamedBy(keywords)
                : [];
            return named is not null ? ByPosition(wire, [.. replacement.GetProperty("args").EnumerateArray()], named) : null;
        }

        if (wire.Count == 1 && replacement.GetPropertyCount() == 1 && replacement.TryGetProperty("input", out var input))
        {
            return ByPosition(wire, [input], []);
        }

        var indexed = new List<JsonElement>();
        while (replacement.TryGetProperty($"arg{indexed.Count}", out var value))
        {
            indexed.Add(value);
        }

        return indexed.Count == replacement.GetPropertyCount() ? ByPosition(wire, indexed, []) : null;
    }

    /// <summary><c>args</c>, with or without <c>kwargs</c>, and nothing else.</summary>
    private static bool IsList(JsonElement replacement) =>
        replacement.TryGetProperty("args", out var list) && list.ValueKind == JsonValueKind.Array
        && replacement.GetPropertyCount() == (replacement.TryGetProperty("kwargs", out _) ? 2 : 1);

    /// <summary>
    /// Rule 2 for a tool that takes arguments by name in a parameter <c>kwargs</c>: the list replaces the other arguments, and
    /// <c>kwargs</c> keeps its value unless the decision has another object.
    /// </summary>
    private static (object?[] Values, ModifiedApproval Approved)? ListBesideKeywords(
        ToolParameters parameters, List<ToolParameter> wire, ToolParameter keywords, JsonElement replacement, object?[] values,
        ReadOnlyMemory<byte> shown)
    {
        wire.Remove(keywords);
        var bound = ByPosition(wire, [.. replacement.GetProperty("args").EnumerateArray()], []);
        if (bound is not null && replacement.TryGetProperty("kwargs", out var named) && named.ValueKind == JsonValueKind.Object)
        {
            wire.Add(keywords);
            bound.Add(keywords.Name, named);
        }

        return bound is null ? null : Apply(parameters, wire, bound, values, shown);
    }

    private static Dictionary<string, JsonElement>? ByPosition(
        List<ToolParameter> wire, List<JsonElement> values, Dictionary<string, JsonElement> named)
    {
        if (values.Count > wire.Count)
        {
            return null;
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (!named.TryAdd(wire[i].Name, values[i]))
            {
                return null;
            }
        }

        return named;
    }

    private static (object?[] Values, ModifiedApproval Approved)? Apply(
        ToolParameters parameters, List<ToolParameter> wire, Dictionary<string, JsonElement> byName, object?[] values, ReadOnlyMemory<byte> shown)
    {
        var bound = (object?[])values.Clone();
        var replaced = new bool[values.Length];
        try
        {
            using var document = JsonDocument.Parse(shown);
            foreach (var parameter in wire)
            {
                var position = parameter.Position;
                if (byName.Remove(parameter.Name, out var value))
                {
                    var before = parameters.Whole is null ? document.RootElement.GetProperty(parameter.Name) : document.RootElement;
                    if (parameter.IsOpaque)
                    {
                        if (!IsPlaceholderOf(parameter, value, values[position]))
                        {
                            return null;
                        }
                    }
                    else if (!JsonElement.DeepEquals(value, before))
                    {
                        bound[position] = ArgumentReader.Bind(parameter, value, before, values[position], parameters.Json);
                        replaced[position] = true;
                    }
                }
                else if (parameter.IsOptional)
                {
                    bound[position] = parameter.DefaultValue;
                    replaced[position] = true;
                }
                else if (!parameter.IsOpaque)
                {
                    return null;
                }
            }

            return byName.Count == 0 ? (bound, parameters.Writer.WithoutReplaced(document.RootElement, replaced)) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The serializer may throw, and so may the constructors and setters of the caller's types.
            return null;
        }
    }

    /// <summary>Whether the decision returned the placeholder unchanged, as it does if it changes another argument.</summary>
    private static bool IsPlaceholderOf(ToolParameter parameter, JsonElement value, object? original) =>
        original is null
            ? value.ValueKind == JsonValueKind.Null
            : value.ValueKind == JsonValueKind.Object && value.TryGetProperty(PlaceholderTypes.Key.Value, out var type)
                && type.ValueKind == JsonValueKind.String && type.ValueEquals(parameter.Type.ToString());
}
