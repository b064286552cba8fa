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
        json.WriteString("source_type"u8, e.Type == BehavioralEventType.LlmInvocation ? "agent_llm_invocation"u8 : "agent_tool_call"u8);
        json.WriteString("event_type"u8, WordOf(e.Type));
        json.Text("tool_name"u8, e.ToolName);
        json.WriteString("content"u8, e.Content);
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
        json.WriteString("event_phase"u8, WordOf(e.Phase));
        json.Text("error_type"u8, e.ErrorType);
        json.Number("duration_ms"u8, e.DurationMs);
        json.Text("result_type"u8, e.ResultType);
        json.Number("result_size_bytes"u8, e.ResultSizeBytes);
        if (decision is not null)
        {
            WireDecision.Write(json, decision);
        }
    }

    private static ReadOnlySpan<byte> WordOf(BehavioralEventType type) => type switch
    {
        BehavioralEventType.ToolCallPre => "TOOL_CALL_PRE"u8,
        BehavioralEventType.ToolCallPost => "TOOL_CALL_POST"u8,
        BehavioralEventType.ToolCallBlock => "TOOL_CALL_BLOCK"u8,
        _ => "LLM_INVOCATION"u8,
    };

    private static ReadOnlySpan<byte> WordOf(EventPhase phase) => phase switch
    {
        EventPhase.Pre => "pre"u8,
        EventPhase.Post => "post"u8,
        EventPhase.Block => "block"u8,
        EventPhase.Error => "error"u8,
        _ => "cancelled"u8,
    };
}
