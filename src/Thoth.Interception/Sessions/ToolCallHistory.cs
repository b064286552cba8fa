using System.Collections;

namespace Thoth.Interception;

/// <summary>
/// A session's tool calls as one caller saw them: a view of the newest 128 names, oldest first. Views share one array
/// whose written slots never change, so taking one copies nothing however long the session is.
/// </summary>
internal sealed class ToolCallHistory : IReadOnlyList<string>
{
    public const int Capacity = 128;

    private readonly string[] _names;
    private readonly int _start;
    private readonly int _count;
    private readonly string? _current;

    private ToolCallHistory(string[] names, int start, int count, string? current)
    {
        _names = names;
        _start = start;
        _count = count;
        _current = current;
    }

    public static ToolCallHistory Empty { get; } = new([], 0, 0, null);

    public int Count => _current is null ? _count : _count + 1;

    public string this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return index < _count ? _names[_start + index] : _current!;
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

    /// <summary>The session's own end of the history. Not thread-safe: the session holds its lock.</summary>
    internal sealed class Recorder
    {
        private string[] _names = new string[16];
        private int _end;

        private int Start => Math.Max(0, _end - Capacity);

        public void Add(string name)
        {
            if (_end == _names.Length)
            {
                Grow();
            }

            _names[_end++] = name;
        }

        public ToolCallHistory View() => new(_names, Start, _end - Start, null);

        /// <summary>The history as the enforcer is told it: with the call that is being asked about.</summary>
        public ToolCallHistory ViewWith(string current)
        {
            var start = Math.Max(0, _end - (Capacity - 1));
            return new(_names, start, _end - start, current);
        }

        private void Grow()
        {
            // Views may still read the old array: the newest names move to a new one and the old is left as it is.
            var kept = _end - Start;
            var names = new string[kept * 2];
            Array.Copy(_names, Start, names, 0, kept);
            _names = names;
            _end = kept;
        }
    }
}
