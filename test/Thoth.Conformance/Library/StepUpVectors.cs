using System.Text.Json;
using Thoth.Conformance.Clients;

namespace Thoth.Conformance.Library;

/// <summary>Kind <c>stepup</c>: what becomes of a held call. Cases state small times, so the clock is the real one.</summary>
internal static class StepUpVectors
{
    public static async Task RunAsync(Vector vector)
    {
        var input = vector.Input;
        var config = input.Object("config");
        var servers = await VectorServers.StartAsync(vector);
        var setup = new VectorSetup { Sink = new VectorSink(), Configure = VectorOptions.Read(config) };
        await using var host = await VectorHost.StartAsync(servers, setup);
        var initial = input.Take("initial")?.GetRawText() ?? throw new ConformanceException("The case has no first answer.");
        host.Server.OnEnforce = _ => initial;
        var polls = input.Objects("polls").Select(poll => VectorAnswer.Read(poll, servers.Other?.Url)).ToArray();
        if (polls.Length > 0)
        {
            host.Server.OnHold = ContractServer.InTurn(polls);
        }

        using var caller = config?.Number("cancel_after_ms") is { } milliseconds
            ? new CancellationTokenSource(TimeSpan.FromMilliseconds(milliseconds))
            : new CancellationTokenSource();
        var tool = new VectorTool(VectorArguments.Of(JsonMatch.ToJson(new { path = "orig" })));
        var outcome = await host.CallAsync("tool", tool, caller.Token);
        outcome.Check(vector);
        vector.CheckCount("polls", host.Server.Holds.Count);
        vector.CheckText("first_path", host.Server.Holds is [var first, ..] ? first.RawPath : null);
        vector.CheckCount("other_origin_requests", servers.Other?.Requests.Count ?? 0);
        if (vector.Expected.Take("effective_args") is { } effective)
        {
            var received = tool.Received is [var only] ? JsonMatch.ToJson(only) : default(JsonElement?);
            var expected = effective is { ValueKind: JsonValueKind.Array } && effective.GetArrayLength() == 1 ? effective[0] : effective;
            vector.CheckEqual(expected, received, "effective_args");
        }
    }
}
