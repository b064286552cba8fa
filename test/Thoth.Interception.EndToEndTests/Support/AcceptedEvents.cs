using System.Collections.Concurrent;
using System.Text.Json;

namespace Thoth.Interception.EndToEndTests.Support;

/// <summary>What a server took with a 202, and nothing else.</summary>
internal sealed class AcceptedEvents
{
    private readonly ConcurrentQueue<JsonElement> _events = new();

    public IReadOnlyList<JsonElement> All => [.. _events];

    public ContractAnswer Take(RecordedRequest request, Task? after = null)
    {
        foreach (var e in request.Json.EnumerateArray())
        {
            _events.Enqueue(e);
        }

        return new ContractAnswer { Status = 202, After = after };
    }

    public static string IdOf(JsonElement e) => e.GetProperty("event_id").GetString()!;

    public static string TypeOf(JsonElement e) => e.GetProperty("event_type").GetString()!;

    public static string? CallOf(JsonElement e) =>
        e.GetProperty("metadata").TryGetProperty("action_attestation_id", out var id) ? id.GetString() : null;
}
