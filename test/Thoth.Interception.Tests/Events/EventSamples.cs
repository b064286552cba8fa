using System.Text;
using System.Text.Json;
using Thoth.Interception.Events.Serialization;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events;

/// <summary>Events for tests, and what they are on the wire.</summary>
internal static class EventSamples
{
    public static EnforcementContext Context { get; } =
        new() { TenantId = "acme", AgentId = "agent", SessionId = "s", EnforcementTraceId = "t" };

    public static BehavioralEvent New(
        BehavioralEventType type = BehavioralEventType.ToolCallPre, EnforcementDecision? decision = null,
        EnforcementContext? context = null) =>
        new(type, Request(context ?? Context))
        {
            Phase = type switch
            {
                BehavioralEventType.ToolCallPost => EventPhase.Post,
                BehavioralEventType.ToolCallBlock => EventPhase.Block,
                _ => EventPhase.Pre,
            },
            OccurredAt = DateTimeOffset.UnixEpoch,
            Decision = decision,
        };

    public static EnforcementRequest Request(EnforcementContext context) => new()
    {
        Context = context,
        ToolName = "search",
        SessionToolCalls = ["search"],
        OccurredAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>The body of a batch, as text.</summary>
    public static string Body(params BehavioralEvent[] events)
    {
        var body = new EventBatchBody();
        body.Write(events);
        return Encoding.UTF8.GetString(body.Written.Span);
    }

    /// <summary>One event as the API gets it.</summary>
    public static JsonElement Wire(BehavioralEvent e) => WrappedTools.Json(Body(e))[0];
}
