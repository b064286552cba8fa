using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// Writes an event as the Thoth API takes it (contract §5.2, minimal capture): member by member, never by serializing a value.
/// Arguments, results, reasons, purposes and task contexts have no member here.
/// </summary>
internal static class WireEvent
{
    private const long TtlSeconds = 90 * 24 * 60 * 60;

    /// <param name="json">Where it is written: a writer that does not validate, because what is the same for a session comes as it is.</param>
    /// <param name="e">The event.</param>
    /// <param name="decision">The event's decision, or <see langword="null"/> to leave it out.</param>
    public static void Write(Utf8JsonWriter json, BehavioralEvent e, EnforcementDecision? decision)
    {
        var context = EventContextJson.Of(e.Request.Context);
        json.WriteStartObject();
        json.WriteString("event_id"u8, e.EventId);
        json.WriteRawValue(context.Members, skipInputValidation: true);
        json.WriteRawValue(EventKindJson.Members(e.Type, e.Phase), skipInputValidation: true);
        json.Text("tool_name"u8, e.ToolName);
        if (e.Type == BehavioralEventType.ToolCallBlock)
        {
            json.Text("violation_id"u8, decision?.ViolationId);
        }

        json.WritePropertyName("session_tool_calls"u8);
        ToolCallHistory.Write(json, e.Request.SessionToolCalls);
        json.WriteString("occurred_at"u8, e.OccurredAt.UtcDateTime);
        json.WriteNumber("ttl"u8, e.OccurredAt.ToUnixTimeSeconds() + TtlSeconds);
        json.WriteStartObject("metadata"u8);
        json.WriteRawValue(context.Metadata, skipInputValidation: true);

        // The start of a session is no call of a tool: it has neither an action nor a phase.
        if (e.Type != BehavioralEventType.LlmInvocation)
        {
            CallMetadata(json, e, decision);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void CallMetadata(Utf8JsonWriter json, BehavioralEvent e, EnforcementDecision? decision)
    {
        json.WriteStartObject("tool_call"u8);
        json.WriteString("name"u8, e.ToolName);
        json.WriteEndObject();
        json.Text("action_attestation_id"u8, e.Request.ActionAttestationId);
        json.WriteRawValue(EventKindJson.Metadata(e.Phase), skipInputValidation: true);
        json.Text("error_type"u8, e.ErrorType);
        json.Number("duration_ms"u8, e.DurationMs);
        json.Text("result_type"u8, e.ResultType);
        json.Number("result_size_bytes"u8, e.ResultSizeBytes);
        if (decision is not null)
        {
            WireDecision.Write(json, decision);
        }
    }
}
