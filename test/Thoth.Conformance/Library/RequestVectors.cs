using System.Text.Json;
using Thoth.Conformance.Clients;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>Kind <c>request</c>: what the server is sent. The base URL's path is the case's own, its origin the server's.</summary>
internal static class RequestVectors
{
    public static async Task RunAsync(Vector vector)
    {
        var input = vector.Input;
        var config = input.Object("config") ?? throw new ConformanceException("The case has no config.");
        var session = input.Object("session");
        var call = input.Object("call") ?? throw new ConformanceException("The case has no call.");
        var setup = new VectorSetup
        {
            Mode = config.Text(VectorOptions.Enforcement),
            Sink = new VectorSink(),
            Configure = VectorOptions.Read(config, VectorOptions.Enforcement),
        };
        var servers = await VectorServers.StartAsync(vector);
        await using var host = await VectorHost.StartAsync(servers, setup, path: PathOf(config.Text(VectorOptions.ApiUrl)));
        using var own = host.Sessions.Start(new ThothSessionOptions { SessionId = session?.Text("id") });

        // A history comes from calls: nothing else makes one.
        var earlier = new VectorTool([]);
        foreach (var name in session?.Texts("history") ?? [])
        {
            await host.CallAsync(name, earlier);
        }

        var request = await AskAsync(host, own, call);
        vector.CheckText("method", request.Method);
        vector.CheckText("path", request.RawPath);
        CheckHeaders(vector.Expected, vector, request);
        var body = request.Json;
        vector.CheckSubset("body", body);
        foreach (var path in vector.Expected.Texts("present"))
        {
            vector.Check(JsonMatch.At(body, path) is not (null or { ValueKind: JsonValueKind.Null }), $"present: {path} is missing");
        }

        foreach (var path in vector.Expected.Texts("absent"))
        {
            vector.Check(JsonMatch.At(body, path) is null, $"absent: {path} is there");
        }

        foreach (var check in vector.Expected.Objects("body_checks"))
        {
            CheckBody(vector, check, body);
        }
    }

    /// <summary>Header names compare without case, a media type without its parameters.</summary>
    public static void CheckHeaders(StrictJson expected, Vector vector, RecordedRequest request)
    {
        foreach (var header in expected.Take("headers")?.EnumerateObject() ?? default)
        {
            var value = request.Headers.GetValueOrDefault(header.Name);
            var compared = header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) ? value?.Split(';')[0].Trim() : value;
            vector.Check(
                compared == header.Value.GetString(), $"headers: expected '{header.Name}: {header.Value}', was '{value}'");
        }

        foreach (var header in expected.Texts("absent_headers"))
        {
            vector.Check(!request.Headers.ContainsKey(header), $"absent_headers: {header} is there");
        }
    }

    private static async Task<RecordedRequest> AskAsync(VectorHost host, ThothSession session, StrictJson call)
    {
        var tool = call.Text("tool") ?? throw new ConformanceException("The case calls no tool.");
        var args = call.Take("args");
        if (call.Text("action_attestation_id") is { } action)
        {
            // The id of one call can be given to the enforcer only.
            await host.Get<IEnforcer>().EvaluateAsync(
                new EnforcementRequest
                {
                    Context = session.Context,
                    ToolName = tool,
                    Arguments = args is null ? default : JsonSerializer.SerializeToUtf8Bytes(args.Value),
                    SessionToolCalls = [.. session.ToolCalls, tool],
                    OccurredAt = TimeProvider.System.GetUtcNow(),
                    ActionAttestationId = action,
                },
                CancellationToken.None);
            return host.Server.Enforces[^1];
        }

        var outcome = await host.CallAsync(tool, new VectorTool(VectorArguments.OfRequest(args)));
        return host.Server.Enforces is [.., var last] ? last : throw new ConformanceException($"Nothing was asked: {outcome.Exception}");
    }

    private static void CheckBody(Vector vector, StrictJson check, JsonElement body)
    {
        var path = check.Text("path") ?? throw new ConformanceException("A check of the body has no path.");
        var found = JsonMatch.At(body, path);
        if (check.Count("length") is { } length)
        {
            var actual = found is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : found?.GetString()?.Length;
            vector.Check(actual == length, $"body_checks: expected {length} in {path}, was {actual}");
        }

        if (check.Take("equals") is { } expected)
        {
            vector.CheckEqual(expected, found, path);
        }
    }

    /// <summary>Without the origin: the server's own takes its place.</summary>
    private static string PathOf(string? url) =>
        url is null ? "" : url.IndexOf('/', url.IndexOf("//", StringComparison.Ordinal) + 2) is var slash && slash < 0 ? "" : url[slash..];
}
