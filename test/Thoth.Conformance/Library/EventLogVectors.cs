using System.Text.Json;
using Microsoft.Extensions.Logging;
using Thoth.Conformance.Clients;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>Kind <c>event</c>, log form: what a host logs about a decision.</summary>
internal static class EventLogVectors
{
    public static async Task RunAsync(Vector vector)
    {
        var input = vector.Input;
        var setup = new VectorSetup
        {
            Environment = input.Text("log_level") is { } level ? new Dictionary<string, string> { ["THOTH_LOG_LEVEL"] = level } : [],
            Configure = options => options.StepUp.Mode = StepUpMode.Throw,
        };
        await using var host = await VectorHost.StartAsync(await VectorServers.StartAsync(vector), setup);
        var decision = input.Take("decision")!.Value.GetRawText();
        host.Server.OnEnforce = _ => decision;
        await host.CallAsync("tool", new VectorTool(VectorArguments.Of(JsonMatch.ToJson(new { path = "orig" }))));

        // Every call has an id of its own, which stands for the one that the case names.
        var log = string.Join('\n', Enum.GetValues<LogLevel>().SelectMany(setup.Logs.Of));
        if (input.Text("action_attestation_id") is { } named)
        {
            log = log.Replace(host.Server.Enforces[^1].Json.GetProperty("action_attestation_id").GetString()!, named, StringComparison.Ordinal);
        }

        foreach (var text in vector.Expected.Texts("log_must_contain"))
        {
            vector.Check(log.Contains(text, StringComparison.Ordinal), $"log_must_contain: {text}");
        }

        foreach (var text in vector.Expected.Texts("log_must_not_contain"))
        {
            vector.Check(!log.Contains(text, StringComparison.Ordinal), $"log_must_not_contain: {text}");
        }
    }
}
