using System.Text;
using System.Text.Json.Nodes;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>
/// Makes the outcome of a call whose process ended before the call did (contract §5.1). The tool may have run or not, and the
/// error type says so. All other members are copied from the call's last record, the decision included.
/// </summary>
internal static class InterruptedCall
{
    private const string ErrorType = "interrupted";
    private const string Phase = "error";

    private const long TtlSeconds = 90 * 24 * 60 * 60;

    public static OutboxEntry Outcome(OpenCall call, DateTimeOffset now)
    {
        var json = JsonNode.Parse(call.Json)!.AsObject();
        var id = $"{(string?)json["tenant_id"]}:{IdFor(call.AttestationId)}";
        json["event_id"] = id;
        json["event_type"] = "TOOL_CALL_POST";
        json["content"] = "tool invocation failed";
        json["occurred_at"] = now.UtcDateTime;
        json["ttl"] = now.ToUnixTimeSeconds() + TtlSeconds;
        json["metadata"]!["event_phase"] = Phase;
        json["metadata"]!["error_type"] = ErrorType;
        return new OutboxEntry
        {
            EventId = id,
            SessionId = call.SessionId,
            ActionAttestationId = call.AttestationId,
            Phase = Phase,
            Json = Encoding.UTF8.GetBytes(json.ToJsonString()),
        };
    }

    /// <summary>Derives the id from the call, so that a call has one interrupted outcome however often it is made.</summary>
    private static Guid IdFor(string attestationId) => DerivedUuid.Of($"{ErrorType}:{attestationId}");
}
