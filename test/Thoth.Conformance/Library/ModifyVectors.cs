using System.Text.Json;
using Thoth.Conformance.Clients;

namespace Thoth.Conformance.Library;

/// <summary>
/// Kind <c>modify</c>: what a tool runs with. Functions of the other Thoth SDKs take any number of arguments by position and by name;
/// the tool here has as many optional parameters as the call and the expectation need.
/// </summary>
internal static class ModifyVectors
{
    public static async Task RunAsync(Vector vector)
    {
        var (input, expected) = (vector.Input, vector.Expected);
        var named = Members(input.Take("named_args"));
        var effective = expected.Take("effective_args");
        var effectiveNamed = expected.Take("effective_named_args");
        var arity = effective is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : 0;
        var tool = new VectorTool(VectorArguments.OfPositions(input.List("args"), named, arity, Members(effectiveNamed).Keys));

        var setup = new VectorSetup { Sink = new VectorSink() };
        await using var host = await VectorHost.StartAsync(await VectorServers.StartAsync(vector), setup);
        var modified = input.Take("modified_tool_args");
        host.Server.OnEnforce = _ => modified is null
            ? """{"decision":"MODIFY"}"""
            : $$"""{"decision":"MODIFY","modified_tool_args":{{modified.Value.GetRawText()}}}""";

        var outcome = await host.CallAsync("tool", tool);
        outcome.Check(vector);
        if (effective is { } positions)
        {
            vector.CheckEqual(UpToLastValue(positions.EnumerateArray()), UpToLastValue(Positions(tool)), "effective_args");
        }

        if (effectiveNamed is { } names)
        {
            vector.CheckEqual(names, Names(tool), "effective_named_args");
        }
    }

    private static IEnumerable<JsonElement> Positions(VectorTool tool) =>
        tool.Received.Where((_, i) => VectorArguments.IsPosition(tool.Parameters[i])).Select(JsonMatch.ToJson);

    /// <summary>An optional parameter at the end that was left out is null too: the two cannot be told apart.</summary>
    private static JsonElement UpToLastValue(IEnumerable<JsonElement> values) =>
        JsonMatch.ToJson(values.Reverse().SkipWhile(value => value.ValueKind == JsonValueKind.Null).Reverse());

    private static JsonElement Names(VectorTool tool) => tool.Parameters is [.., { Name: VectorArguments.Keywords }]
        ? JsonMatch.ToJson(tool.Received[^1])
        : JsonMatch.ToJson(tool.Parameters
        .Select((parameter, i) => (Parameter: parameter, Value: tool.Received.ElementAtOrDefault(i)))
        .Where(pair => !VectorArguments.IsPosition(pair.Parameter) && pair.Value is not null)
        .ToDictionary(pair => pair.Parameter.Name, pair => pair.Value));

    private static Dictionary<string, JsonElement> Members(JsonElement? json) => json?.Deserialize<Dictionary<string, JsonElement>>() ?? [];
}
