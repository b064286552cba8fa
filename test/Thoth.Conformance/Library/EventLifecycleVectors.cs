using System.Text.Json;
using Thoth.Conformance.Clients;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>Kind <c>event</c>, lifecycle form: what a governed call leaves on the server.</summary>
internal static class EventLifecycleVectors
{
    /// <summary>The keys of an event (contract §5.2).</summary>
    private static readonly string[] s_wire =
    [
        "event_id", "tenant_id", "session_id", "user_id", "agent_id", "tool_name", "violation_id", "source_type", "event_type", "content",
        "approved_scope", "session_tool_calls", "enforcement_mode", "occurred_at", "ttl", "metadata",
    ];

    public static async Task RunAsync(Vector vector)
    {
        var input = vector.Input;
        var setup = new VectorSetup { Mode = input.Text("mode"), Configure = EventVectors.WithKey(VectorOptions.Read(input.Object("config"))) };
        var servers = await VectorServers.StartAsync(vector);
        await using var host = await VectorHost.StartAsync(servers, setup);
        if (input.Take("enforce")?.GetRawText() is { } answer)
        {
            host.Server.OnEnforce = _ => answer;
        }

        if (input.Objects("hold").Select(hold => VectorAnswer.Read(hold, servers.Other?.Url)).ToArray() is { Length: > 0 } holds)
        {
            host.Server.OnHold = ContractServer.InTurn(holds);
        }

        var isAnswered = EventVectors.Ingest(host, input.Take("ingest"));
        var call = input.Object("call")!;
        var tool = new VectorTool(VectorArguments.Of(call.Take("args")))
        {
            Result = input.Take("tool_result") is { } result ? PlainOf(result) : "ok",
            Failure = input.Text("tool_throws") is { } message ? new InvalidOperationException(message) : null,
        };
        using var session = host.Sessions.Start();
        var outcome = await host.CallAsync(call.Text("tool") ?? throw new ConformanceException("The case calls no tool."), tool);
        if (isAnswered)
        {
            await host.Events.FlushAsync();
        }

        Check(vector, host, outcome, session);
    }

    private static void Check(Vector vector, VectorHost host, CallOutcome outcome, ThothSession session)
    {
        var expected = vector.Expected;
        var events = EventVectors.SentTo(host.Server).OrderBy(e => e.GetProperty("occurred_at").GetDateTimeOffset()).ToList();
        if (expected.Objects("events") is { Count: > 0 } inOrder)
        {
            vector.Check(inOrder.Count == events.Count, $"events: expected {inOrder.Count}, were {events.Count}");
            for (var i = 0; i < inOrder.Count; i++)
            {
                CheckEvent(vector, inOrder[i], i < events.Count ? events[i] : null, $"events[{i}]");
            }
        }

        outcome.CheckName(vector);
        vector.CheckCount("enforce_requests", host.Server.Enforces.Count);
        vector.CheckAtMost("call_max_elapsed_ms", outcome.Elapsed.TotalMilliseconds);
        if (expected.Take("session_after") is { } history)
        {
            vector.CheckEqual(history, JsonMatch.ToJson(session.ToolCalls), "session_after");
        }

        if (expected.Text("caller_sees") is { } seen)
        {
            vector.Check(
                seen == "original_exception" && outcome.Exception is not null && ReferenceEquals(outcome.Exception, outcome.Tool.Failure),
                $"caller_sees: expected '{seen}', was {outcome.Exception?.ToString() ?? "no exception"}");
        }

        var facts = JsonMatch.ToJson(new { events, enforce = new { body = host.Server.Enforces is [.., var last] ? last.Json : default(JsonElement?) } });
        var same = expected.Texts("same").Select(path => (Path: path, Value: JsonMatch.At(facts, path))).ToList();
        foreach (var (path, value) in same)
        {
            vector.Check(value is not (null or { ValueKind: JsonValueKind.Null }), $"same: {path} is missing");
            vector.CheckEqual(same[0].Value ?? default, value, $"same: {path}");
        }
    }

    public static void CheckEvent(Vector vector, StrictJson expected, JsonElement? actual, string path)
    {
        var type = expected.Text("type");
        vector.Check(type is null || JsonMatch.Member(actual, "event_type")?.GetString() == type, $"{path}: expected {type}");
        foreach (var key in s_wire)
        {
            vector.CheckSubset(expected, key, JsonMatch.Member(actual, key), path);
        }

        var metadata = JsonMatch.Member(actual, "metadata");
        foreach (var name in expected.Texts("metadata_present"))
        {
            vector.Check(JsonMatch.Member(metadata, name) is not (null or { ValueKind: JsonValueKind.Null }), $"{path}.metadata.{name} is missing");
        }

        foreach (var name in expected.Texts("metadata_absent"))
        {
            vector.Check(JsonMatch.Member(metadata, name) is null, $"{path}.metadata.{name} is there");
        }
    }

    /// <summary>What a tool of .NET would return: a text rather than JSON of a text.</summary>
    private static object? PlainOf(JsonElement result) => result.ValueKind switch
    {
        JsonValueKind.String => result.GetString(),
        JsonValueKind.Number => result.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => result.GetBoolean(),
        JsonValueKind.Null => null,
        _ => result,
    };
}
