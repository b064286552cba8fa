using Thoth.Interception.Serialization;

namespace Thoth.Interception;

/// <summary>
/// One record of what happened to a tool call (contract §5). It refers to the call's request and decision and copies
/// nothing, so that recording costs the tool call as little as can be.
/// </summary>
public sealed class BehavioralEvent
{
    private const string SdkToolName = "thoth_sdk";

    private CallId _id;

    /// <summary>Creates an event about a call.</summary>
    /// <param name="type">What happened.</param>
    /// <param name="request">The question that was asked about the call.</param>
    public BehavioralEvent(BehavioralEventType type, EnforcementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Type = type;
        Request = request;
    }

    /// <summary>What happened.</summary>
    public BehavioralEventType Type { get; }

    /// <summary>The question that was asked about the call: tool, session, identity and history.</summary>
    public EnforcementRequest Request { get; }

    /// <summary>The tool's name.</summary>
    public string ToolName => Request.ToolName;

    /// <summary>
    /// <c>tenant:uuid</c>, the same however often it is sent (contract §5.2). An id that is given is prefixed with the tenant
    /// unless it is already.
    /// </summary>
    /// <exception cref="ArgumentException">The given id is blank.</exception>
    public string EventId
    {
        get => _id.Text ??= $"{IdPrefixOf(Request.Context)}{_id.Uuid}";

        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            _id = new(OfTenant(value));
        }
    }

    /// <summary>The id as it is sent.</summary>
    internal CallId Id => _id.Drawn();

    /// <summary>When it happened, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Where in the call's life it happened.</summary>
    public required EventPhase Phase { get; init; }

    /// <summary>The final decision; <see langword="null"/> before the call is decided, and in observe mode unless <see cref="ThothOptions.EvaluateInObserveMode"/> is on.</summary>
    public EnforcementDecision? Decision { get; init; }

    /// <summary>How long the call took, from before the check, in milliseconds.</summary>
    public double? DurationMs { get; init; }

    /// <summary>The type of the tool's result.</summary>
    public string? ResultType { get; init; }

    /// <summary>The size of the tool's result as JSON, in bytes; <see langword="null"/> where it cannot be told.</summary>
    public long? ResultSizeBytes { get; init; }

    /// <summary>The type of the tool's exception; never its message.</summary>
    public string? ErrorType { get; init; }

    /// <summary>
    /// The arguments as UTF-8 JSON with sensitive ones masked, where <see cref="EventOptions.Capture"/> asks for them; else
    /// empty. Never part of the wire format.
    /// </summary>
    public ReadOnlyMemory<byte> CapturedArguments { get; init; }

    /// <summary>The fixed text of the event (contract §5.2).</summary>
    public string Content => ContentOf(Type, Phase);

    internal static string ContentOf(BehavioralEventType type, EventPhase phase) => type switch
    {
        BehavioralEventType.SessionStarted => "thoth_sdk_session_start",
        BehavioralEventType.ToolCallPre => "tool invocation requested",
        BehavioralEventType.ToolCallBlock => "tool invocation blocked",
        _ => phase == EventPhase.Post ? "tool invocation completed" : "tool invocation failed",
    };

    /// <summary>The start of a session, which the family records as an invocation of the SDK itself (contract §5.5).</summary>
    internal static BehavioralEvent SessionStarted(EnforcementContext context, DateTimeOffset occurredAt)
    {
        var request = new EnforcementRequest
        {
            Context = context,
            ToolName = SdkToolName,
            SessionToolCalls = [],
            OccurredAt = occurredAt,
        };
        return new BehavioralEvent(BehavioralEventType.SessionStarted, request) { Phase = EventPhase.Pre, OccurredAt = occurredAt };
    }

    /// <summary>What the ids of all events of a tenant begin with (contract §5.2).</summary>
    internal static string IdPrefixOf(EnforcementContext context) =>
        string.IsNullOrWhiteSpace(context.TenantId) ? "unknown:" : $"{context.TenantId}:";

    private string OfTenant(string id) =>
        IdPrefixOf(Request.Context) is var prefix && id.StartsWith(prefix, StringComparison.Ordinal) ? id : prefix + id;
}
