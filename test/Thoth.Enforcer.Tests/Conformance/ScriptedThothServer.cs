using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Thoth.Conformance.Clients;
using Thoth.Conformance.Servers;

namespace Thoth.Enforcer.Tests.Conformance;

/// <summary>A small server that keeps to the contract, until a test makes its responses wrong in one way.</summary>
internal sealed class ScriptedThothServer : IAsyncDisposable
{
    private const string Key = "key_of_the_scripted_server";
    private const string IngestToken = "ingest_token_of_the_scripted_server";

    private readonly ContractServer _server;
    private readonly ConcurrentDictionary<string, Hold> _holds = new();

    private ScriptedThothServer(ContractServer server) => _server = server;

    /// <summary>Changes a response before it is sent.</summary>
    public Func<RecordedRequest, ContractAnswer, ContractAnswer> Change { get; set; } = (_, answer) => answer;

    /// <summary>Whether requests need a key.</summary>
    public bool ChecksKeys { get; set; } = true;

    /// <summary>Whether an approval approves every hold.</summary>
    public bool ApprovesAll { get; set; }

    public ServerTarget Target => new()
    {
        Url = new Uri(_server.Url),
        Key = Key,
        IngestToken = IngestToken,
        Approver = new HoldApprover(Resolve, TimeSpan.Zero, TimeSpan.Zero),
    };

    public static async Task<ScriptedThothServer> StartAsync()
    {
        var server = new ScriptedThothServer(await ContractServer.StartAsync());
        server._server.OnEnforce = request => server.Answer(request, () => server.Enforce(request));
        server._server.OnHold = request => server.Answer(request, () => server.Poll(request));
        server._server.OnEvents = request => server.Answer(request, () => Take(request));
        server._server.OnExplain = request => server.Answer(request, () => Explain(request));
        return server;
    }

    public static ContractAnswer Error(int status) => new() { Status = status, Body = """{"error":{"code":"c","message":"m","requestId":"r"}}""" };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private ContractAnswer Answer(RecordedRequest request, Func<ContractAnswer> answer)
    {
        ContractAnswer right;
        try
        {
            right = ChecksKeys && !HasKey(request) ? Error(401) : answer();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            right = Error(400);
        }

        return Change(request, right);
    }

    private static bool HasKey(RecordedRequest request)
    {
        var bearer = request.Headers.GetValueOrDefault("Authorization");
        var apiKey = request.Headers.GetValueOrDefault("X-Api-Key");
        var isIngest = request.Kind == ContractEndpoint.Events && request.Headers.GetValueOrDefault("X-Thoth-Event-Ingest-Token") == IngestToken;
        return bearer is null && apiKey is null ? isIngest : (bearer ?? $"Bearer {Key}") == $"Bearer {Key}" && (apiKey ?? Key) == Key;
    }

    private ContractAnswer Enforce(RecordedRequest request)
    {
        var body = Parse(request).AsObject();
        var call = (Tool: Text(body, "tool_name"), Session: Text(body, "session_id"));
        body["tool_args"]?.AsObject();
        body["approved_scope"]?.AsArray();
        var verdict = call.Tool["conformance_".Length..].ToUpperInvariant();
        var answer = new JsonObject
        {
            ["decision"] = verdict,
            ["violation_id"] = call.Session,
            ["matched_rule_ids"] = new JsonArray("r"),
            ["action_attestation_id"] = body["action_attestation_id"]?.DeepClone(),
            ["enforcement_trace_id"] = body["enforcement_trace_id"]?.DeepClone(),
        };
        if (verdict == "MODIFY")
        {
            answer["modified_tool_args"] = new JsonObject { ["limit"] = 10 };
        }

        if (verdict == "STEP_UP")
        {
            // A token is opaque: this one needs escaping.
            var token = $"a/b?{Guid.NewGuid()}";
            answer["hold_token"] = token;
            _holds[token] = new Hold(call.Session, answer["action_attestation_id"]?.DeepClone(), null);
        }

        return answer.ToJsonString();
    }

    private ContractAnswer Poll(RecordedRequest request)
    {
        var token = Uri.UnescapeDataString(request.RawPath["/v1/enforce/hold/".Length..]);
        return !_holds.TryGetValue(token, out var hold) ? Error(404) : new JsonObject
        {
            ["token"] = token,
            ["resolved"] = hold.Resolution is not null,
            ["resolution"] = hold.Resolution,
            ["action_attestation_id"] = hold.Action?.DeepClone(),
        }.ToJsonString();
    }

    private static ContractAnswer Take(RecordedRequest request)
    {
        var body = Parse(request);
        foreach (var item in body as JsonArray ?? body["events"]?.AsArray() ?? throw new FormatException())
        {
            Text(item!.AsObject(), "session_id");
            Text(item.AsObject(), "event_type");
        }

        return new ContractAnswer { Status = 202 };
    }

    private static ContractAnswer Explain(RecordedRequest request) => new JsonObject
    {
        ["violation_id"] = Text(Parse(request).AsObject(), "violation_id"),
        ["what_happened"] = "a",
        ["why_it_was_blocked"] = "b",
        ["what_to_do_next"] = "c",
        ["business_impact"] = "d",
        ["severity"] = "high",
    }.ToJsonString();

    private Task Resolve(HoldToResolve call)
    {
        foreach (var (token, hold) in _holds.Where(entry => ApprovesAll || entry.Value.Session == call.Session))
        {
            _holds[token] = hold with { Resolution = call.Resolution };
        }

        return Task.CompletedTask;
    }

    /// <summary>Arguments may be 64 levels deep, and stand below the root.</summary>
    private static JsonNode Parse(RecordedRequest request) =>
        JsonNode.Parse(request.Body, documentOptions: new JsonDocumentOptions { MaxDepth = 65 }) ?? throw new FormatException();

    private static string Text(JsonObject json, string name) =>
        json[name]?.GetValue<string>() is { Length: > 0 } text ? text : throw new FormatException();

    private sealed record Hold(string Session, JsonNode? Action, string? Resolution);
}
