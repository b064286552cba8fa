using Thoth.Interception.Events.Serialization;

namespace Thoth.Interception.Events.Outbox;

/// <summary>Writes events as records of an outbox, with the bytes that will be sent. Used by one task.</summary>
internal sealed class OutboxEntryWriter
{
    private readonly EventBatchBody _body = new();

    /// <exception cref="ArgumentException">The event cannot be written as JSON, such as one with half a surrogate pair in its user's name.</exception>
    public OutboxEntry Write(BehavioralEvent e, string phase)
    {
        _body.Write([e]);
        return new OutboxEntry
        {
            EventId = e.EventId,
            SessionId = e.Request.Context.SessionId,
            ActionAttestationId = phase == OutboxPhase.Session ? "" : e.Request.ActionAttestationId,
            Phase = phase,

            // The body is an array of one event.
            Json = _body.Written[1..^1].ToArray(),
        };
    }
}
