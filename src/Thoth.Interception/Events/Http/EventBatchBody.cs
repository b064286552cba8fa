using System.Buffers;
using System.Text.Json;

namespace Thoth.Interception;

/// <summary>The body of one request: a JSON array of events (contract §1.4). The same bytes are sent at every attempt.</summary>
internal sealed class EventBatchBody : IBufferWriter<byte>
{
    private static readonly JsonWriterOptions s_trusted = new() { SkipValidation = true };

    private readonly Utf8JsonWriter _json;
    private byte[] _bytes = new byte[16 * 1024];
    private int _written;

    public EventBatchBody() => _json = new Utf8JsonWriter(this, s_trusted);

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _written);

    public int Capacity => _bytes.Length;

    /// <summary>How many events it holds.</summary>
    public int Count { get; private set; }

    /// <summary>How often it has been sent.</summary>
    public int Attempts { get; set; }

    public void Write(IReadOnlyList<BehavioralEvent> events) => Write(events, static (body, e) => body.Append(e));

    /// <summary>Events that were written as JSON before.</summary>
    public void Write<TEvent>(IReadOnlyList<TEvent> events, Func<TEvent, ReadOnlyMemory<byte>> json) =>
        Write(events, (body, e) => body.Write(json(e).Span));

    private void Write<TEvent>(IReadOnlyList<TEvent> events, Action<EventBatchBody, TEvent> append)
    {
        (Count, Attempts, _written) = (events.Count, 0, 0);
        for (var i = 0; i < events.Count; i++)
        {
            Append(i == 0 ? (byte)'[' : (byte)',');
            append(this, events[i]);
        }

        Append((byte)']');
    }

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _written < Math.Max(sizeHint, 1))
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _written + sizeHint));
        }

        return _bytes.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Append(BehavioralEvent e)
    {
        var start = _written;
        try
        {
            Append(e, e.Decision);
        }
        catch (Exception) when (e.Decision is not null)
        {
            // An enforcer's evidence may be unreadable: JSON whose document is disposed, half a surrogate pair. The event is
            // worth more than it, and so are the others in the batch.
            _written = start;
            Append(e, null);
        }
    }

    private void Append(BehavioralEvent e, EnforcementDecision? decision)
    {
        _json.Reset();
        WireEvent.Write(_json, e, decision);
        _json.Flush();
    }

    private void Append(byte value)
    {
        GetSpan(1)[0] = value;
        _written++;
    }
}
