using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// Writes the question down (contract §1.2.1). What is the same for a session is written once and copied from then on, and
/// so are the arguments, which are JSON already.
/// </summary>
internal sealed class EnforceBody
{
    private const int KeptBytes = 64 * 1024;

    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/ ");

    private static readonly ConditionalWeakTable<EnforcementContext, byte[]> s_contexts = [];

    [ThreadStatic]
    private static EnforceBody? t_free;

    private readonly ArrayBufferWriter<byte> _buffer = new(2048);
    private readonly Utf8JsonWriter _writer;

    private EnforceBody() => _writer = new Utf8JsonWriter(_buffer);

    /// <param name="request">The question.</param>
    /// <param name="extend">Writes further members.</param>
    /// <param name="state">What they are written from.</param>
    /// <returns>An array of its own: a transport may read it longer than the answer takes.</returns>
    public static byte[] Of<TState>(EnforcementRequest request, Action<Utf8JsonWriter, TState>? extend, TState state)
    {
        var body = t_free ?? new EnforceBody();
        t_free = null;
        try
        {
            return body.Write(request, extend, state);
        }
        finally
        {
            body.Return();
        }
    }

    public static byte[] Of(EnforcementRequest request) => Of<object?>(request, null, null);

    private byte[] Write<TState>(EnforcementRequest request, Action<Utf8JsonWriter, TState>? extend, TState state)
    {
        // The session's part is an object that is left open; the call's part is a second one, whose brace becomes a comma.
        var context = s_contexts.GetValue(request.Context, static context => ContextJson.Of(context));
        _buffer.Write(context.AsSpan(0, context.Length - 1));
        WriteHistory(request.SessionToolCalls);
        var start = _buffer.WrittenCount;
        _writer.WriteStartObject();
        _writer.WriteString("request_id"u8, Guid.NewGuid());
        _writer.WriteString("tool_name"u8, request.ToolName);
        _writer.WriteString("action_attestation_id"u8, request.ActionAttestationId);
        _writer.WriteString("occurred_at"u8, request.OccurredAt.UtcDateTime);
        if (request.Arguments.Length > "{}".Length)
        {
            _writer.WritePropertyName("tool_args"u8);
            _writer.WriteRawValue(request.Arguments.Span, skipInputValidation: true);
        }

        extend?.Invoke(_writer, state);
        _writer.WriteEndObject();
        _writer.Flush();

        var json = _buffer.WrittenSpan.ToArray();
        json[start] = (byte)',';
        return json;
    }

    /// <summary>Up to 128 names in every question: written without the writer's care for each, which most names do not need.</summary>
    private void WriteHistory(IReadOnlyList<string> names)
    {
        _buffer.Write(",\"session_tool_calls\":["u8);
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i];
            var isPlain = !name.AsSpan().ContainsAnyExcept(s_plain);
            var escaped = isPlain ? default : JsonEncodedText.Encode(name).EncodedUtf8Bytes;
            var length = isPlain ? name.Length : escaped.Length;
            var space = _buffer.GetSpan(length + 3);
            if (i > 0)
            {
                space[0] = (byte)',';
                space = space[1..];
            }

            space[0] = (byte)'"';
            if (isPlain)
            {
                Encoding.ASCII.GetBytes(name, space[1..]);
            }
            else
            {
                escaped.CopyTo(space[1..]);
            }

            space[length + 1] = (byte)'"';
            _buffer.Advance(length + (i > 0 ? 3 : 2));
        }

        _buffer.Write("]"u8);
    }

    private void Return()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        if (_buffer.Capacity <= KeptBytes)
        {
            t_free = this;
        }
    }
}
