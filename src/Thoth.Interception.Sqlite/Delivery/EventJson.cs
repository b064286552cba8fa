using Thoth.Interception.Events.Serialization;
using Thoth.Interception.Sqlite.Storage;

namespace Thoth.Interception.Sqlite.Delivery;

/// <summary>Events as an outbox keeps them: the bytes that will be posted.</summary>
internal sealed class EventJson
{
    private readonly EventBatchBody _body = new();

    public OutboxEntry Entry(BehavioralEvent e, string phase)
    {
        _body.Write([e]);
        return new OutboxEntry(
            e.EventId,
            e.Request.Context.SessionId,
            phase == OutboxPhase.Session ? "" : e.Request.ActionAttestationId,
            phase,
            _body.Written[1..^1].ToArray());
    }
}
