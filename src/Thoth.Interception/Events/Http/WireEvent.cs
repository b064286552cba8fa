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
    public static void Write(JsonBuffer json, BehavioralEvent e, EnforcementDecision? decision)
    {
        var context = EventContextJson.Of(e.Request.Context);
        json.Raw("{\"event_id\":"u8);
        Id(json, e, context);
        json.Raw(context.Members);
        json.Raw(EventKindJson.Members(e.Type, e.Phase));
        if (!string.IsNullOrEmpty(e.ToolName))
        {
            json.Raw(",\"tool_name\":"u8);
            e.Request.WriteToolName(json);
        }

        json.Raw(",\"session_tool_calls\":"u8);
        ToolCallHistory.Write(json, e.Request.SessionToolCalls);
        json.Raw(",\"occurred_at\":\""u8);
        json.Time(e.OccurredAt);
        json.Raw("\",\"ttl\":"u8);
        json.Number(e.OccurredAt.ToUnixTimeSeconds() + TtlSeconds);
        if (e.Type == BehavioralEventType.ToolCallBlock && decision is not null)
        {
            json.Members(decision, static (json, decision) => json.Text("violation_id"u8, decision.ViolationId));
        }

        json.Raw(",\"metadata\":{\"telemetry_capture\":\"minimal\",\"sdk_language\":\"csharp\""u8);
        json.Raw(context.Metadata);

        // The start of a session is no call of a tool: it has neither an action nor a phase.
        if (e.Type != BehavioralEventType.LlmInvocation)
        {
            CallMetadata(json, e, decision);
        }

        json.Raw("}}"u8);
    }

    private static void Id(JsonBuffer json, BehavioralEvent e, EventContextJson context)
    {
        if (e.Uuid is not { } uuid)
        {
            json.Text(e.EventId);
            return;
        }

        json.Raw(context.IdPrefix);
        json.Uuid(uuid);
        json.Raw("\""u8);
    }

    private static void CallMetadata(JsonBuffer json, BehavioralEvent e, EnforcementDecision? decision)
    {
        json.Raw(",\"tool_call\":{\"name\":"u8);
        e.Request.WriteToolName(json);
        json.Raw("},\"action_attestation_id\":"u8);
        e.Request.WriteActionAttestationId(json);
        json.Raw(EventKindJson.Metadata(e.Phase));
        if (e.Phase != EventPhase.Pre || decision is not null)
        {
            json.Members((Event: e, Decision: decision), static (json, ended) => Outcome(json, ended.Event, ended.Decision));
        }
    }

    private static void Outcome(Utf8JsonWriter json, BehavioralEvent e, EnforcementDecision? decision)
    {
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
