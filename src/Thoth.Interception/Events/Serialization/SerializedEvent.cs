using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Events.Serialization;

/// <summary>
/// Represents an event as it is sent to the Thoth API (contract §5.2, minimal capture). It is written member by member, never by
/// serializing a value: arguments, results, reasons, purposes and task contexts have no member here. It does not refer to the
/// request and the decision, so that these can be collected.
/// </summary>
internal readonly struct SerializedEvent
{
    private const long TtlSeconds = 90 * 24 * 60 * 60;

    /// <param name="e">The event.</param>
    /// <param name="outcome">A buffer that the new value refers to, until the buffer is used again.</param>
    public SerializedEvent(BehavioralEvent e, PooledJsonWriter outcome)
    {
        var request = e.Request;
        (Type, Phase, OccurredAt) = (e.Type, e.Phase, e.OccurredAt.UtcTicks);
        Context = EventContextJson.Of(request.Context);
        ToolName = request.ToolNameJson;
        History = request.SessionToolCalls;
        (Id, Action) = (e.Id, request.ActionId);
        ViolationId = e.Type == BehavioralEventType.ToolCallBlock ? e.Decision?.ViolationId : null;
        outcome.Length = 0;
        if (e.Phase != EventPhase.Pre || e.Decision is not null)
        {
            WriteOutcome(outcome, e);
        }

        Outcome = outcome.Written;
    }

    public BehavioralEventType Type { get; init; }

    public EventPhase Phase { get; init; }

    /// <summary>Gets when the event happened, in ticks of UTC.</summary>
    public long OccurredAt { get; init; }

    public EventContextJson Context { get; init; }

    /// <summary>Gets the tool's name as a JSON string.</summary>
    public byte[] ToolName { get; init; }

    public IReadOnlyList<string> History { get; init; }

    public CallId Id { get; init; }

    public CallId Action { get; init; }

    public string? ViolationId { get; init; }

    /// <summary>Gets the outcome and the decision of the call: members of the metadata, each with a comma before it.</summary>
    public ReadOnlyMemory<byte> Outcome { get; init; }

    public void Write(PooledJsonWriter json)
    {
        json.Raw("{\"event_id\":"u8);
        Id.Write(json, Context.IdPrefix);
        json.Raw(Context.Members);
        json.Raw(EventKindJson.Members(Type, Phase));
        if (ToolName.Length > "\"\"".Length)
        {
            json.Raw(",\"tool_name\":"u8);
            json.Raw(ToolName);
        }

        var occurredAt = new DateTimeOffset(OccurredAt, TimeSpan.Zero);
        json.Raw(",\"session_tool_calls\":"u8);
        ToolCallHistory.Write(json, History);
        json.Raw(",\"occurred_at\":\""u8);
        json.Time(occurredAt);
        json.Raw("\",\"ttl\":"u8);
        json.Number(occurredAt.ToUnixTimeSeconds() + TtlSeconds);
        json.Text("violation_id"u8, ViolationId);
        json.Raw(",\"metadata\":{\"telemetry_capture\":\"minimal\",\"sdk_language\":\"csharp\""u8);
        json.Raw(Context.Metadata);

        // The start of a session belongs to no tool call: it has neither an action nor a phase.
        if (Type != BehavioralEventType.SessionStarted)
        {
            json.Raw(",\"tool_call\":{\"name\":"u8);
            json.Raw(ToolName);
            json.Raw("},\"action_attestation_id\":"u8);
            Action.Write(json, "\""u8);
            json.Raw(EventKindJson.Metadata(Phase));
            json.Raw(Outcome.Span);
        }

        json.Raw("}}"u8);
    }

    private static void WriteOutcome(PooledJsonWriter json, BehavioralEvent e)
    {
        json.Text("error_type"u8, e.ErrorType);
        json.Number("duration_ms"u8, e.Duration?.TotalMilliseconds);
        json.Text("result_type"u8, e.ResultType);
        json.Number("result_size_bytes"u8, e.ResultSizeBytes);
        if (e.Decision is null)
        {
            return;
        }

        var length = json.Length;
        try
        {
            DecisionTelemetryJson.Write(json, e.Decision);
        }
        catch (Exception)
        {
            // An enforcer's evidence may be unreadable, such as JSON of a disposed document or half a surrogate pair. The event is
            // sent without it: a failure here would lose the whole batch.
            json.Length = length;
        }
    }
}
