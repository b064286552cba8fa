namespace Thoth.Interception;

/// <summary>The body of one request: a JSON array of events (contract §1.4). The same bytes are sent at every attempt.</summary>
internal sealed class EventBatchBody
{
    private readonly JsonBuffer _json = new();

    public ReadOnlyMemory<byte> Written => _json.Written;

    public int Capacity => _json.Capacity;

    /// <summary>How many events it holds.</summary>
    public int Count { get; private set; }

    /// <summary>How often it has been sent.</summary>
    public int Attempts { get; set; }

    public void Write(IReadOnlyList<BehavioralEvent> events) => Write(events, static (json, e) => Append(json, e));

    /// <summary>Events that were written as JSON before.</summary>
    public void Write<TEvent>(IReadOnlyList<TEvent> events, Func<TEvent, ReadOnlyMemory<byte>> json) =>
        Write(events, (body, e) => body.Raw(json(e).Span));

    private void Write<TEvent>(IReadOnlyList<TEvent> events, Action<JsonBuffer, TEvent> append)
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

    private static void Append(JsonBuffer json, BehavioralEvent e)
    {
        var start = json.Length;
        try
        {
            WireEvent.Write(json, e, e.Decision);
        }
        catch (Exception) when (e.Decision is not null)
        {
            // An enforcer's evidence may be unreadable: JSON whose document is disposed, half a surrogate pair. The event is
            // worth more than it, and so are the others in the batch.
            json.Length = start;
            WireEvent.Write(json, e, null);
        }
    }
}
