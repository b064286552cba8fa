using System.Text.Json.Nodes;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;

namespace Thoth.Enforcer.Tests.Conformance;

/// <summary>Every request and event that the conformance vectors speak of is taken, in the shape of each SDK.</summary>
public class VectorRequestTests
{
    private static readonly Lazy<IReadOnlyList<JsonObject>> s_cases = new(() =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Clients", "vectors.json")))!["cases"]!.AsArray().Select(node => node!.AsObject())]);

    [Test]
    public async Task Enforce_CallOfEveryVector_IsDecidedInTheShapeOfEachSdk()
    {
        await using var host = await EnforcerHost.StartAsync();
        var sent = 0;
        foreach (var vector in s_cases.Value)
        {
            foreach (var (sdk, body) in Shapes(vector))
            {
                var reply = await host.EnforceAsync(body.ToJsonString());
                Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), $"{vector["id"]} as {sdk} sends it: {reply.Body}");
                Assert.That(reply.Text("decision"), Is.EqualTo("ALLOW").Or.EqualTo("BLOCK"));
                sent++;
            }
        }

        Assert.That(sent, Is.GreaterThan(300));
    }

    [Test]
    public async Task Events_OfEveryVector_AreTakenInEachShape()
    {
        await using var host = await EnforcerHost.StartAsync();
        var events = s_cases.Value.SelectMany(EventsOf).Select(Complete).ToList();
        Assert.That(events, Has.Count.GreaterThan(15));

        foreach (var item in events)
        {
            var camel = Camel(item);
            foreach (var body in (string[])[$"[{item.ToJsonString()}]", $$"""{"events":[{{item.ToJsonString()}}]}""", $"[{camel.ToJsonString()}]", $$"""{"events":[{{camel.ToJsonString()}}]}"""])
            {
                var reply = await host.PostAsync("/v1/events/batch", body);
                Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.Accepted), reply.Body + body);
            }
        }

        Assert.That(host.Activity.Events(new ActivityFilter { Limit = 1000 }), Has.Count.EqualTo(events.Count), "each is one event in all four shapes");
    }

    private static IEnumerable<(string Sdk, JsonObject Body)> Shapes(JsonObject vector)
    {
        if (vector["kind"]!.GetValue<string>() is not ("request" or "http" or "modify" or "stepup"))
        {
            yield break;
        }

        var body = CSharp(vector);
        yield return ("C#", body);

        var go = body.DeepClone().AsObject();
        go["user_id"] = "";
        go["approved_scope"] = null;
        go.Remove("action_attestation_id");
        go["tool_args"] = Positional(vector) is { } forGo ? new JsonObject(forGo.Select((value, i) => KeyValuePair.Create($"arg{i}", value?.DeepClone()))) : body["tool_args"]?.DeepClone();
        yield return ("Go", go);

        var python = body.DeepClone().AsObject();
        python.Remove("request_id");
        python.Remove("occurred_at");
        python["tool_args"] = Positional(vector) is { } forPython ? new JsonObject { ["args"] = forPython.DeepClone(), ["kwargs"] = new JsonObject() } : body["tool_args"]?.DeepClone();
        yield return ("Python", python);

        var typeScript = python.DeepClone().AsObject();
        typeScript.Remove("approved_scope");
        typeScript["tool_args"]?.AsObject().Remove("kwargs");
        yield return ("TypeScript", typeScript);
    }

    private static JsonObject CSharp(JsonObject vector)
    {
        var input = vector["input"]!;
        var call = input["call"];
        var tool = call?["tool"]?.GetValue<string>() ?? "read_file";
        var body = new JsonObject
        {
            ["request_id"] = "r",
            ["agent_id"] = "agent_1",
            ["tenant_id"] = "tenant_1",
            ["user_id"] = "system",
            ["tool_name"] = tool,
            ["session_id"] = input["session"]?["id"]?.GetValue<string>() ?? "sess_1",
            ["session_tool_calls"] = new JsonArray([.. input["session"]?["history"]?.AsArray().Select(node => node?.DeepClone()) ?? [], tool]),
            ["approved_scope"] = new JsonArray(),
            ["enforcement_mode"] = (input["mode"] ?? input["config"]?["enforcement"])?.GetValue<string>().ToLowerInvariant() ?? "block",
            ["environment"] = "prod",
            ["enforcement_trace_id"] = "t",
            ["action_attestation_id"] = "a",
            ["occurred_at"] = "2026-01-02T03:04:05Z",
            ["identity_binding"] = new JsonObject { ["agent_id"] = "agent_1" },
        };

        // What a case expects on the wire is what an SDK sends.
        foreach (var (name, value) in vector["expected"]?["body"]?.AsObject() ?? [])
        {
            body[name] = value?.DeepClone();
        }

        var arguments = call?["args"] ?? input["named_args"] ?? input["tool_args"];
        body["tool_args"] = arguments is JsonObject ? arguments.DeepClone() : Positional(vector) is { } list ? new JsonObject { ["args"] = list.DeepClone() } : null;
        return body;
    }

    private static JsonArray? Positional(JsonObject vector) =>
        vector["input"]!["args"] as JsonArray ?? vector["input"]!["call"]?["args"] as JsonArray;

    private static IEnumerable<JsonObject> EventsOf(JsonObject vector)
    {
        if (vector["kind"]!.GetValue<string>() != "event")
        {
            return [];
        }

        var expected = vector["expected"]!;
        return new[] { expected["wire"] }.Concat(expected["events"]?.AsArray() ?? []).OfType<JsonObject>();
    }

    private static JsonObject Complete(JsonObject item, int index)
    {
        var complete = item.DeepClone().AsObject();
        complete["event_id"] = $"tenant_1:{index}";
        complete["tenant_id"] = "tenant_1";
        complete["session_id"] ??= "sess_1";
        complete["event_type"] ??= (complete["type"]?.GetValue<string>() ?? "TOOL_CALL_POST");
        return complete;
    }

    private static JsonObject Camel(JsonObject item) =>
        new(item.Select(member => KeyValuePair.Create(CamelName(member.Key), member.Value?.DeepClone())));

    private static string CamelName(string name) =>
        string.Concat(name.Split('_').Select((part, i) => i == 0 || part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
}
