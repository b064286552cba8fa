using System.Text.Json.Nodes;

namespace Thoth.Enforcer.Tests.Support;

/// <summary>The form in which an SDK sends the arguments of a call.</summary>
internal sealed record SdkShape(string Name, string UserAgent, Func<string[], JsonNode?[], JsonObject> Write, Func<JsonElement, string[], string[]> Read)
{
    public static IReadOnlyList<SdkShape> All { get; } =
    [
        new(".NET", "Thoth.Interception/1.0.0", Named, ReadNamed),
        new("Go map", "Go-http-client/1.1", Named, ReadNamed),
        new("Go", "Go-http-client/1.1", Indexed, ReadIndexed),
        new("Python", "python-httpx/0.28.1", List, ReadList),
        new("Python, last by name", "python-httpx/0.28.1", LastByName, ReadMixed),
        new("TypeScript", "node", List, ReadList),
        new("TypeScript object", "node", Named, ReadNamed),
    ];

    public static SdkShape Of(string name) => All.Single(shape => shape.Name == name);

    /// <summary>Sends a call in this form.</summary>
    public Task<Reply> CallAsync(EnforcerHost host, string tool, string[] names, JsonNode?[] values, string session = "s", JsonObject? more = null)
    {
        var body = new JsonObject { ["tool_name"] = tool, ["session_id"] = session, ["agent_id"] = "bot", ["tool_args"] = Write(names, values) };
        foreach (var (name, value) in more ?? [])
        {
            body[name] = value?.DeepClone();
        }

        return host.EnforceAsync(body.ToJsonString(), ("User-Agent", UserAgent));
    }

    public override string ToString() => Name;

    private static JsonObject Named(string[] names, JsonNode?[] values) =>
        new(names.Zip(values, (name, value) => KeyValuePair.Create(name, value?.DeepClone())));

    private static JsonObject Indexed(string[] names, JsonNode?[] values) =>
        new(values.Select((value, i) => KeyValuePair.Create($"arg{i}", value?.DeepClone())));

    private static JsonObject List(string[] names, JsonNode?[] values) => new() { ["args"] = new JsonArray([.. values.Select(value => value?.DeepClone())]) };

    private static JsonObject LastByName(string[] names, JsonNode?[] values) => new()
    {
        ["args"] = new JsonArray([.. values[..^1].Select(value => value?.DeepClone())]),
        ["kwargs"] = new JsonObject { [names[^1]] = values[^1]?.DeepClone() },
    };

    private static string[] ReadNamed(JsonElement changed, string[] names) => [.. names.Select(name => changed.GetProperty(name).GetRawText())];

    private static string[] ReadIndexed(JsonElement changed, string[] names) => [.. names.Select((_, i) => changed.GetProperty($"arg{i}").GetRawText())];

    private static string[] ReadList(JsonElement changed, string[] names) => [.. changed.GetProperty("args").EnumerateArray().Select(value => value.GetRawText())];

    private static string[] ReadMixed(JsonElement changed, string[] names) =>
        [.. ReadList(changed, names), changed.GetProperty("kwargs").GetProperty(names[^1]).GetRawText()];
}
