using Thoth.Interception.Serialization;

namespace Thoth.Interception;

/// <summary>
/// Represents what happened to a tool call (contract §5): it was requested, it ended, or it was blocked.
/// </summary>
/// <remarks>An event refers to the call's request and decision and copies nothing, so that recording costs the call little.</remarks>
public sealed class BehavioralEvent
{
    private const string SdkToolName = "thoth_sdk";

    private CallId _id;

    /// <summary>Creates an event about a call.</summary>
    /// <param name="type">The type of the event.</param>
    /// <param name="request">The request that was evaluated for the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is <see langword="null"/>.</exception>
    public BehavioralEvent(BehavioralEventType type, EnforcementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        Type = type;
        Request = request;
    }

    /// <summary>Gets the type of the event.</summary>
    public BehavioralEventType Type { get; }

    /// <summary>Gets the request that was evaluated for the call: tool, session, identity and history.</summary>
    public EnforcementRequest Request { get; }

    /// <summary>Gets the tool's name.</summary>
    public string ToolName => Request.ToolName;

    /// <summary>
    /// Gets the id, <c>tenant:uuid</c>, which is the same each time the event is sent (contract §5.2). An id that is set gets the
    /// tenant as a prefix unless it has it.
    /// </summary>
    /// <exception cref="ArgumentException">The id that is set is <see langword="null"/> or blank.</exception>
    public string EventId
    {
        get => _id.Text ??= $"{IdPrefixOf(Request.Context)}{_id.Uuid}";

        init
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value);
            _id = new(OfTenant(value));
        }
    }

    /// <summary>Gets the id in the form in which it is written.</summary>
    internal CallId Id
    {
        get => _id.Drawn();
        init => _id = value.Text is { } text ? new(OfTenant(text)) : value;
    }

    /// <summary>Gets when it happened, in UTC.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Gets the phase of the call.</summary>
    public required EventPhase Phase { get; init; }

    /// <summary>
    /// Gets the effective decision; <see langword="null"/> before the call is decided, and in observe mode unless
    /// <see cref="ThothOptions.EvaluateInObserveMode"/> is on.
    /// </summary>
    public EnforcementDecision? Decision { get; init; }

    /// <summary>Gets how long the call took, the check included; <see langword="null"/> for a call that has not ended.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Gets the name of the type of the tool's result; <see langword="null"/> if there is none.</summary>
    public string? ResultType { get; init; }

    /// <summary>Gets the size of the tool's result as JSON, in bytes; <see langword="null"/> if it is not known.</summary>
    public long? ResultSizeBytes { get; init; }

    /// <summary>Gets the full name of the type of the tool's exception, without its message; <see langword="null"/> if there is none.</summary>
    public string? ErrorType { get; init; }

    /// <summary>
    /// Gets the model's id of the call, if the tool loop gave one (<see cref="ToolCallOptions.CallId"/>): it joins the event with a
    /// transcript. The model chooses it. It is never sent to the Thoth API.
    /// </summary>
    public string? CallId { get; init; }

    /// <summary>
    /// Gets the arguments as UTF-8 JSON with sensitive ones masked; empty unless <see cref="EventOptions.Capture"/> is
    /// <see cref="EventCapture.Arguments"/>. They are never sent to the Thoth API.
    /// </summary>
    public ReadOnlyMemory<byte> CapturedArguments { get; init; }

    /// <summary>Whether the event goes to sinks and evidence only (contract §5.1: nothing is sent while a call is held).</summary>
    internal bool IsLocal => Type is BehavioralEventType.ToolCallHeld or BehavioralEventType.ToolCallResumed;

    /// <summary>The fixed text of the event (contract §5.2).</summary>
    internal string Content => ContentOf(Type, Phase);

    internal static string ContentOf(BehavioralEventType type, EventPhase phase) => type switch
    {
        BehavioralEventType.SessionStarted => "thoth_sdk_session_start",
        BehavioralEventType.ToolCallPre => "tool invocation requested",
        BehavioralEventType.ToolCallBlock => "tool invocation blocked",
        BehavioralEventType.ToolCallHeld => "tool invocation held",
        BehavioralEventType.ToolCallResumed => "tool invocation resumed",
        _ => phase == EventPhase.Post ? "tool invocation completed" : "tool invocation failed",
    };

    /// <summary>The start of a session, which Thoth SDKs record as an invocation of the SDK itself (contract §5.5).</summary>
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

    /// <summary>The prefix of the ids of a tenant's events (contract §5.2).</summary>
    internal static string IdPrefixOf(EnforcementContext context) =>
        string.IsNullOrWhiteSpace(context.TenantId) ? "unknown:" : $"{context.TenantId}:";

    private string OfTenant(string id) =>
        IdPrefixOf(Request.Context) is var prefix && id.StartsWith(prefix, StringComparison.Ordinal) ? id : prefix + id;
}
