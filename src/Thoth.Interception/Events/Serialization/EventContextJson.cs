using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Events.Serialization;

/// <summary>
/// Holds the part of an event that is the same for a whole session (contract §5.2, §5.3), written once: the members of the event,
/// and those of its metadata, each with a comma before it.
/// </summary>
internal sealed class EventContextJson
{
    private readonly byte[] _idPrefix;
    private readonly byte[] _members;
    private readonly byte[] _metadata;

    private EventContextJson(EnforcementContext context)
    {
        _idPrefix = JsonSerializer.SerializeToUtf8Bytes(BehavioralEvent.IdPrefixOf(context))[..^1];
        _members = ContractJson.Members(context, WriteMembers);
        _metadata = ContractJson.Members(context, WriteMetadata);
    }

    /// <summary>Gets the start of an event's id as a JSON string, up to its UUID.</summary>
    public ReadOnlySpan<byte> IdPrefix => _idPrefix;

    public ReadOnlySpan<byte> Members => _members;

    public ReadOnlySpan<byte> Metadata => _metadata;

    public static EventContextJson Of(EnforcementContext context) =>
        (EventContextJson)(context.EventJson ??= new EventContextJson(context));

    private static void WriteMembers(Utf8JsonWriter json, EnforcementContext context)
    {
        json.WriteString("tenant_id"u8, context.TenantId);
        json.WriteString("session_id"u8, context.SessionId);
        json.WriteString("user_id"u8, context.UserId);
        json.Text("agent_id"u8, context.AgentId);
        json.WriteString("enforcement_mode"u8, EnforcementModeConverter.ToWire(context.Mode));
        json.List("approved_scope"u8, context.ApprovedScope);
    }

    private static void WriteMetadata(Utf8JsonWriter json, EnforcementContext context)
    {
        json.Text("environment"u8, context.Environment);
        json.Text("enforcement_trace_id"u8, context.EnforcementTraceId);
    }
}
