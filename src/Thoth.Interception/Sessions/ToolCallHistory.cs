using System.Buffers;
using System.Collections;
using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// A session's tool calls as one caller saw them: a view of the newest 128 names, oldest first. Views share one array
/// whose written slots never change, so taking one copies nothing however long the session is.
/// </summary>
internal sealed class ToolCallHistory : IReadOnlyList<string>
{
    public const int Capacity = 128;

    private readonly ToolName[] _names;
    private readonly int _start;
    private readonly int _count;
    private readonly ToolName? _current;

    private ToolCallHistory(ToolName[] names, int start, int count, ToolName? current)
    {
        _names = names;
        _start = start;
        _count = count;
        _current = current;
    }

    public int Count => _current is null ? _count : _count + 1;

    public string this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return NameAt(index).Text;
        }
    }

    public IEnumerator<string> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Writes the names as a JSON array, which is a copy of bytes where they are a session's.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<string> names)
    {
        if (names is ToolCallHistory history)
        {
            history.Write(json);
            return;
        }

        json.WriteStartArray();
        for (var i = 0; i < names.Count; i++)
        {
            json.WriteStringValue(names[i]);
        }

        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json)
    {
        var count = Count;
        var length = Math.Max(1, count) + 1;
        for (var i = 0; i < count; i++)
        {
            length += NameAt(i).Json.Length;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(length);
        var end = 0;
        bytes[end++] = (byte)'[';
        for (var i = 0; i < count; i++)
        {
            var name = NameAt(i).Json;
            name.CopyTo(bytes, end);
            end += name.Length;
            bytes[end++] = (byte)',';
        }

        // The last comma makes room for the bracket.
        bytes[count == 0 ? end : end - 1] = (byte)']';
        json.WriteRawValue(bytes.AsSpan(0, length), skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private ToolName NameAt(int index) => index < _count ? _names[_start + index] : _current!;

    /// <summary>The session's own end of the history. Not thread-safe: the session holds its lock.</summary>
    internal sealed class Recorder
    {
        private ToolName[] _names = new ToolName[16];
        private int _end;

        private int Start => Math.Max(0, _end - Capacity);

        public void Add(ToolName name)
        {
            if (_end == _names.Length)
            {
                Grow();
            }

            _names[_end++] = name;
        }

        public ToolCallHistory View() => new(_names, Start, _end - Start, null);

        /// <summary>The history as the enforcer is told it: with the call that is being asked about.</summary>
        public ToolCallHistory ViewWith(ToolName current)
        {
            var start = Math.Max(0, _end - (Capacity - 1));
            return new(_names, start, _end - start, current);
        }

        private void Grow()
        {
            // Views may still read the old array: the newest names move to a new one and the old is left as it is.
            var kept = _end - Start;
            var names = new ToolName[kept * 2];
            Array.Copy(_names, Start, names, 0, kept);
            _names = names;
            _end = kept;
        }
    }
}
