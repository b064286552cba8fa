using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// Writes an event as the Thoth API takes it (contract §5.2, minimal capture): member by member, never by serializing a value.
/// Arguments, results, reasons, purposes and task contexts have no member here.
/// </summary>
internal static class WireEvent
{
    private const long TtlSeconds = 90 * 24 * 60 * 60;

    /// <param name="json">Where it is written.</param>
    /// <param name="e">The event.</param>
    /// <param name="decision">The event's decision, or <see langword="null"/> to leave it out.</param>
    public static void Write(Utf8JsonWriter json, BehavioralEvent e, EnforcementDecision? decision)
    {
        var context = e.Request.Context;
        json.WriteStartObject();
        json.WriteString("event_id", e.EventId);
        json.WriteString("tenant_id", context.TenantId);
        json.WriteString("session_id", context.SessionId);
        json.WriteString("user_id", context.UserId);
        json.Text("agent_id", context.AgentId);
        json.WriteString("source_type", e.Type == BehavioralEventType.LlmInvocation ? "agent_llm_invocation" : "agent_tool_call");
        json.WriteString("event_type", WordOf(e.Type));
        json.Text("tool_name", e.ToolName);
        json.WriteString("content", e.Content);
        if (e.Type == BehavioralEventType.ToolCallBlock)
        {
            json.Text("violation_id", decision?.ViolationId);
        }

        json.WriteString("enforcement_mode", EnforcementModeConverter.ToWire(context.Mode));
        Names(json, "approved_scope", context.ApprovedScope);
        Names(json, "session_tool_calls", e.Request.SessionToolCalls);
        json.WriteString("occurred_at", e.OccurredAt.UtcDateTime);
        json.WriteNumber("ttl", e.OccurredAt.ToUnixTimeSeconds() + TtlSeconds);
        json.WriteStartObject("metadata");
        Metadata(json, e, decision);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Metadata(Utf8JsonWriter json, BehavioralEvent e, EnforcementDecision? decision)
    {
        json.WriteString("telemetry_capture", "minimal");
        json.WriteString("sdk_language", "csharp");
        json.Text("environment", e.Request.Context.Environment);
        json.Text("enforcement_trace_id", e.Request.Context.EnforcementTraceId);
        if (e.Type == BehavioralEventType.LlmInvocation)
        {
            // The start of a session is no call of a tool: it has neither an action nor a phase.
            return;
        }

        json.WriteStartObject("tool_call");
        json.WriteString("name", e.ToolName);
        json.WriteEndObject();
        json.Text("action_attestation_id", e.Request.ActionAttestationId);
        json.WriteString("event_phase", WordOf(e.Phase));
        json.Text("error_type", e.ErrorType);
        json.Number("duration_ms", e.DurationMs);
        json.Text("result_type", e.ResultType);
        json.Number("result_size_bytes", e.ResultSizeBytes);
        if (decision is not null)
        {
            WireDecision.Write(json, decision);
        }
    }

    private static void Names(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        for (var i = 0; i < values.Count; i++)
        {
            json.WriteStringValue(values[i]);
        }

        json.WriteEndArray();
    }

    private static string WordOf(BehavioralEventType type) => type switch
    {
        BehavioralEventType.ToolCallPre => "TOOL_CALL_PRE",
        BehavioralEventType.ToolCallPost => "TOOL_CALL_POST",
        BehavioralEventType.ToolCallBlock => "TOOL_CALL_BLOCK",
        _ => "LLM_INVOCATION",
    };

    private static string WordOf(EventPhase phase) => phase switch
    {
        EventPhase.Pre => "pre",
        EventPhase.Post => "post",
        EventPhase.Block => "block",
        EventPhase.Error => "error",
        _ => "cancelled",
    };
}
