using Thoth.Interception.Events.Outbox;

namespace Thoth.Interception;

/// <summary>Represents one record of an <see cref="IEventOutbox"/>: an event, or the decision about a call.</summary>
/// <remarks>For packages that bring a store of their own.</remarks>
public sealed class OutboxEntry
{
    /// <summary>Gets the event's id. No two events share one; a decision has an id of its own.</summary>
    public required string EventId { get; init; }

    /// <summary>Gets the session's id.</summary>
    public required string SessionId { get; init; }

    /// <summary>Gets the <see cref="EnforcementRequest.ActionAttestationId"/> of the call; empty for an event about no call.</summary>
    public string ActionAttestationId { get; init; } = "";

    /// <summary>
    /// Gets the phase of the call's life: <c>pre</c>, <c>decision</c>, <c>held</c>, <c>resumed</c>, <c>post</c>, <c>block</c>,
    /// <c>error</c> or <c>cancelled</c>; <c>session</c> for the start of a session.
    /// </summary>
    public required string Phase { get; init; }

    /// <summary>Gets the event as UTF-8 JSON, exactly as it is sent to the Thoth API. The memory is not used again.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Gets whether the record is sent to the Thoth API. A decision, a hold and a resumption are not: they are kept as evidence only.</summary>
    public bool IsPosted => Phase is not (OutboxPhase.Decision or OutboxPhase.Held or OutboxPhase.Resumed);

    /// <summary>
    /// Gets whether the call still owes its outcome after this record. A held call does not: its caller may make it again in another
    /// process, or let it expire.
    /// </summary>
    public bool LeavesCallOpen => Phase is OutboxPhase.Pre or OutboxPhase.Decision or OutboxPhase.Resumed;
}
