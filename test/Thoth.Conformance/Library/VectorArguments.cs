using System.Text.Json;

namespace Thoth.Conformance.Library;

/// <summary>A parameter of a tool and the value that the case's call gives it.</summary>
internal sealed record VectorParameter(string Name, Type Type, object? Value, bool IsOptional);

/// <summary>
/// The parameters that a tool needs for the call of a case. A .NET method has a fixed number of named parameters; functions
/// of the other Thoth SDKs take any arguments.
/// </summary>
internal static class VectorArguments
{
    public const string Cyclic = "<cyclic object>";
    public const string Infinity = "<Infinity>";
    public const string Keywords = "kwargs";

    /// <summary>Names that no decision uses, so that positions are positions.</summary>
    private const string Positional = "positional";

    /// <summary>A call with named arguments, the way of .NET: one JSON object. With none, the tool has no parameters.</summary>
    public static IReadOnlyList<VectorParameter> Of(JsonElement? args) => args switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.Object } json => json.EnumerateObject().MoveNext() ? [Whole(json)] : [],
        { ValueKind: JsonValueKind.Array } list => OfPositions([.. list.EnumerateArray()], new Dictionary<string, JsonElement>(), list.GetArrayLength(), []),
        { ValueKind: JsonValueKind.String } text when text.GetString() == Cyclic => [Whole(text)],
        { } other => throw new ConformanceException($"The arguments are not an object or an array: {other.GetRawText()}"),
    };

    /// <summary>Positions only, as one list: <c>{"args":[…]}</c> on the wire (contract §1.2.1).</summary>
    public static IReadOnlyList<VectorParameter> OfRequest(JsonElement? args) =>
        args is { ValueKind: JsonValueKind.Array } list
            ? list.GetArrayLength() == 0 ? [] : [new("args", typeof(object[]), list.EnumerateArray().Select(Plain).ToArray(), false)]
            : Of(args);

    /// <param name="args">The arguments by position.</param>
    /// <param name="named">The arguments by name.</param>
    /// <param name="arity">How many positions the tool takes at most.</param>
    /// <param name="names">Further names that the tool takes.</param>
    public static IReadOnlyList<VectorParameter> OfPositions(
        IReadOnlyList<JsonElement> args, Dictionary<string, JsonElement> named, int arity, IEnumerable<string> names)
    {
        if (args is [{ ValueKind: JsonValueKind.Object } json] && named.Count == 0)
        {
            return [Whole(json)];
        }

        var positions = Enumerable.Range(0, Math.Max(arity, args.Count))
            .Select(i => Optional($"{Positional}{i}", i < args.Count ? args[i] : null));
        if (args.Count > 0 && named.Count > 0)
        {
            // A call both ways: a method of .NET takes the arguments by name in a parameter of its own.
            return [.. positions, new(Keywords, typeof(Dictionary<string, JsonElement>), named, IsOptional: false)];
        }

        var byName = named.Keys.Union(names, StringComparer.Ordinal)
            .Select(name => Optional(name, named.TryGetValue(name, out var value) ? value : null));
        return [.. positions, .. byName];
    }

    public static bool IsPosition(VectorParameter parameter) => parameter.Name.StartsWith(Positional, StringComparison.Ordinal);

    /// <summary>The value that a placeholder stands for, anywhere in a value; any other JSON as it is.</summary>
    public static object? Plain(JsonElement json) => json switch
    {
        { ValueKind: JsonValueKind.String } => json.GetString() switch
        {
            Cyclic => CyclicObject(),
            Infinity => double.PositiveInfinity,
            _ => json,
        },
        { ValueKind: JsonValueKind.Object } => json.EnumerateObject().ToDictionary(member => member.Name, member => Plain(member.Value)),
        { ValueKind: JsonValueKind.Array } => json.EnumerateArray().Select(Plain).ToList(),
        _ => json,
    };

    private static VectorParameter Optional(string name, JsonElement? value) => new(name, typeof(JsonElement?), value, IsOptional: true);

    private static VectorParameter Whole(JsonElement json) =>
        json.GetRawText() is var text && (text.Contains(Cyclic, StringComparison.Ordinal) || text.Contains(Infinity, StringComparison.Ordinal))
            ? new(Positional, typeof(Dictionary<string, object?>), Plain(json), false)
            : new(Positional, typeof(JsonElement), json, false);

    private static Dictionary<string, object?> CyclicObject()
    {
        var cyclic = new Dictionary<string, object?>();
        cyclic["self"] = cyclic;
        return cyclic;
    }
}
