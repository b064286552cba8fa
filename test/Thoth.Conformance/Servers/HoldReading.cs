using System.Text.Json;

namespace Thoth.Conformance.Servers;

/// <summary>What a client understands of one poll (contract §3.3).</summary>
internal static class HoldReading
{
    public const string Pending = "pending";

    private const string StepUp = "STEP_UP";

    /// <summary>Reads a response with the status 200 or 202.</summary>
    /// <returns><see cref="Pending"/> or the final decision, else the problem.</returns>
    public static (string? Reading, string? Problem) Of(ServerReply reply)
    {
        if (reply.Status == 202)
        {
            return (Pending, null);
        }

        if (reply.Json is not { } body)
        {
            return (null, reply.JsonProblem);
        }

        if (body.TryGetProperty("resolved", out var resolved))
        {
            return resolved.ValueKind != JsonValueKind.True ? (Pending, null)
                : Verdicts.Of(JsonMatch.Member(body, "resolution")) is { } resolution and not StepUp ? (resolution, null)
                : (null, "resolution: expected a final decision beside resolved, was another value or missing");
        }

        var (verdict, problem) = Verdicts.Read(body);
        return problem is null ? (verdict is null or StepUp ? Pending : verdict, null) : (null, problem);
    }
}
