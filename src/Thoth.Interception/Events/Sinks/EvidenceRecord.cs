using System.Globalization;
using System.Text.Json;

namespace Thoth.Interception.Events.Sinks;

/// <summary>Represents an event as the state of a log entry: its wire members as flat attributes, and a readable line.</summary>
internal sealed class EvidenceRecord : List<KeyValuePair<string, object?>>
{
    private readonly BehavioralEvent _event;

    private EvidenceRecord(BehavioralEvent behavioralEvent) => _event = behavioralEvent;

    public static EvidenceRecord Of(BehavioralEvent behavioralEvent, JsonElement wire)
    {
        var record = new EvidenceRecord(behavioralEvent);
        record.Add("", wire);
        return record;
    }

    public override string ToString()
    {
        var e = _event;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{e.Type} tool {e.ToolName}: {e.Phase} {e.Decision?.VerdictName} {e.Decision?.DecisionReasonCode} {e.Duration?.TotalMilliseconds} ms {e.ErrorType}, "
            + $"session {e.Request.Context.SessionId}, event {e.EventId}, attestation {e.Request.ActionAttestationId}, {e.OccurredAt:O}");
    }

    private void Add(string prefix, JsonElement members)
    {
        foreach (var member in members.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Object)
            {
                Add(new(prefix + member.Name, ValueOf(member.Value)));
            }
            else
            {
                // Most queries are about the metadata: their names have no prefix.
                Add(member.NameEquals("metadata") ? prefix : $"{prefix}{member.Name}.", member.Value);
            }
        }
    }

    private static object? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(static item => item.ToString()).ToArray(),
        JsonValueKind.True or JsonValueKind.False => value.GetBoolean(),
        _ => value.GetString(),
    };
}
