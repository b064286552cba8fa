using System.Text.Json;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Events.Serialization;

/// <summary>Holds the part of an event that depends on its type and phase alone (contract §5.2, §5.3), written once for each.</summary>
internal static class EventKindJson
{
    private static readonly EventPhase[] s_phases = Enum.GetValues<EventPhase>();
    private static readonly byte[][][] s_members = Array.ConvertAll(
        Enum.GetValues<BehavioralEventType>(),
        static type => Array.ConvertAll(s_phases, phase => ContractJson.Members((type, phase), WriteMembers)));

    private static readonly byte[][] s_metadata = Array.ConvertAll(
        s_phases, static phase => ContractJson.Members(phase, static (json, phase) => json.WriteString("event_phase"u8, NameOf(phase))));

    /// <summary>Gets members of the event, each with a comma before it.</summary>
    public static ReadOnlySpan<byte> Members(BehavioralEventType type, EventPhase phase) => s_members[(int)type][(int)phase];

    /// <summary>Gets members of the metadata, each with a comma before it.</summary>
    public static ReadOnlySpan<byte> Metadata(EventPhase phase) => s_metadata[(int)phase];

    private static void WriteMembers(Utf8JsonWriter json, (BehavioralEventType, EventPhase) kind)
    {
        var (type, phase) = kind;
        json.WriteString("source_type"u8, type == BehavioralEventType.SessionStarted ? "agent_llm_invocation"u8 : "agent_tool_call"u8);
        json.WriteString("event_type"u8, NameOf(type));
        json.WriteString("content"u8, BehavioralEvent.ContentOf(type, phase));
    }

    private static ReadOnlySpan<byte> NameOf(BehavioralEventType type) => type switch
    {
        BehavioralEventType.ToolCallPre => "TOOL_CALL_PRE"u8,
        BehavioralEventType.ToolCallPost => "TOOL_CALL_POST"u8,
        BehavioralEventType.ToolCallBlock => "TOOL_CALL_BLOCK"u8,
        BehavioralEventType.ToolCallHeld => "TOOL_CALL_HELD"u8,
        BehavioralEventType.ToolCallResumed => "TOOL_CALL_RESUMED"u8,
        _ => "LLM_INVOCATION"u8,
    };

    private static ReadOnlySpan<byte> NameOf(EventPhase phase) => phase switch
    {
        EventPhase.Pre => "pre"u8,
        EventPhase.Post => "post"u8,
        EventPhase.Block => "block"u8,
        EventPhase.Error => "error"u8,
        EventPhase.Held => "held"u8,
        EventPhase.Resumed => "resumed"u8,
        _ => "cancelled"u8,
    };
}
