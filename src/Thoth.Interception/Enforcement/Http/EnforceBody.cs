using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// Writes the question down (contract §1.2.1). What is the same for a session is written once and copied from then on, and
/// so are the arguments, which are JSON already.
/// </summary>
internal sealed class EnforceBody : IBufferWriter<byte>
{
    /// <summary>A question with a full history and a few arguments.</summary>
    private const int UsualBytes = 8 * 1024;

    private static readonly ConditionalWeakTable<EnforcementContext, byte[]> s_contexts = [];
    private static readonly JsonWriterOptions s_trusted = new() { SkipValidation = true };

    [ThreadStatic]
    private static EnforceBody? t_free;

    private readonly Utf8JsonWriter _json;
    private byte[] _bytes = [];
    private int _written;

    private EnforceBody() => _json = new Utf8JsonWriter(this, s_trusted);

    /// <param name="request">The question.</param>
    /// <param name="extend">Writes further members.</param>
    /// <param name="state">What they are written from.</param>
    /// <returns>The body; dispose it where it has been sent.</returns>
    public static JsonBody Of<TState>(EnforcementRequest request, Action<Utf8JsonWriter, TState>? extend, TState state)
    {
        var body = t_free ?? new EnforceBody();
        t_free = null;
        try
        {
            body.Write(request, extend, state);
            return body.Take();
        }
        finally
        {
            body.Return();
        }
    }

    public static JsonBody Of(EnforcementRequest request) => Of<object?>(request, null, null);

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _written < Math.Max(sizeHint, 1))
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(UsualBytes, Math.Max(_bytes.Length * 2, _written + sizeHint)));
            _bytes.AsSpan(0, _written).CopyTo(larger);
            Release();
            _bytes = larger;
        }

        return _bytes.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Write<TState>(EnforcementRequest request, Action<Utf8JsonWriter, TState>? extend, TState state)
    {
        _json.WriteStartObject();
        _json.WriteRawValue(s_contexts.GetValue(request.Context, static context => ContextJson.Of(context)), skipInputValidation: true);
        _json.WriteString("request_id"u8, Uuid.New());
        _json.WriteString("tool_name"u8, request.ToolName);
        _json.WriteString("action_attestation_id"u8, request.ActionAttestationId);
        _json.WriteString("occurred_at"u8, request.OccurredAt.UtcDateTime);
        _json.WritePropertyName("session_tool_calls"u8);
        ToolCallHistory.Write(_json, request.SessionToolCalls);
        if (request.Arguments.Length > "{}".Length)
        {
            _json.WritePropertyName("tool_args"u8);
            _json.WriteRawValue(request.Arguments.Span, skipInputValidation: true);
        }

        extend?.Invoke(_json, state);
        _json.WriteEndObject();
        _json.Flush();
    }

    private JsonBody Take()
    {
        var body = new JsonBody(_bytes, _written);
        _bytes = [];
        return body;
    }

    private void Return()
    {
        Release();
        _bytes = [];
        _written = 0;
        _json.Reset();
        t_free = this;
    }

    private void Release()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
