using Thoth.Interception.Serialization;

namespace Thoth.Interception.Events.Serialization;

/// <summary>Holds the body of one request: a JSON array of events (contract §1.4). Every attempt sends the same bytes.</summary>
internal sealed class EventBatchBody
{
    private readonly PooledJsonWriter _json = new();
    private readonly PooledJsonWriter _outcome = new();

    public ReadOnlyMemory<byte> Written => _json.Written;

    public int Capacity => _json.Capacity;

    /// <summary>Gets the number of events in the body.</summary>
    public int Count { get; private set; }

    /// <summary>Gets or sets how often the body has been sent.</summary>
    public int Attempts { get; set; }

    public void Write(IReadOnlyList<BehavioralEvent> events) => Write(events, (json, e) => new SerializedEvent(e, _outcome).Write(json));

    public void Write(IReadOnlyList<SerializedEvent> events) => Write(events, static (json, e) => e.Write(json));

    /// <summary>Writes events that are JSON already.</summary>
    public void Write<TEvent>(IReadOnlyList<TEvent> events, Func<TEvent, ReadOnlyMemory<byte>> json) =>
        Write(events, (body, e) => body.Raw(json(e).Span));

    private void Write<TEvent>(IReadOnlyList<TEvent> events, Action<PooledJsonWriter, TEvent> append)
    {
        (Count, Attempts, _json.Length) = (events.Count, 0, 0);
        _json.Raw("["u8);
        for (var i = 0; i < events.Count; i++)
        {
            _json.Raw(i == 0 ? ""u8 : ","u8);
            append(_json, events[i]);
        }

        _json.Raw("]"u8);
    }
}
