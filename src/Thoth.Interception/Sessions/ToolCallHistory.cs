using System.Collections;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Sessions;

/// <summary>
/// Represents a session's tool calls at one moment: a view of the newest 128 names, oldest first. Views share one
/// <see cref="ToolCallLog"/>, whose written entries never change, so creating a view copies nothing.
/// </summary>
internal sealed class ToolCallHistory : IReadOnlyList<string>
{
    public const int Capacity = 128;

    private readonly ToolCallLog _log;
    private readonly int _start;
    private readonly int _count;
    private readonly EncodedToolName? _current;

    /// <param name="log">The log of the session's calls.</param>
    /// <param name="start">The index of the view's first call in the log.</param>
    /// <param name="count">The number of calls that the view takes from the log.</param>
    /// <param name="current">A call that follows them and may not be in the log.</param>
    public ToolCallHistory(ToolCallLog log, int start, int count, EncodedToolName? current)
    {
        _log = log;
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
            return index < _count ? _log.NameAt(_start + index) : _current!.Text;
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

    public void Deconstruct(out ToolCallLog log, out int start, out int count, out EncodedToolName? current) =>
        (log, start, count, current) = (_log, _start, _count, _current);

    /// <summary>Writes the names as a JSON array. For a session's history this copies bytes that are already encoded.</summary>
    public static void Write(PooledJsonWriter json, IReadOnlyList<string> names)
    {
        json.Raw("["u8);
        if (names is ToolCallHistory history)
        {
            history.Write(json);
        }
        else
        {
            for (var i = 0; i < names.Count; i++)
            {
                json.Raw(i == 0 ? ""u8 : ","u8);
                json.Text(names[i] ?? "");
            }
        }

        json.Raw("]"u8);
    }

    private void Write(PooledJsonWriter json)
    {
        // Each recorded name ends with a comma.
        var recorded = _log.Json(_start, _count);
        if (_current is not null)
        {
            json.Raw(recorded);
            json.Raw(_current.Json);
        }
        else if (!recorded.IsEmpty)
        {
            json.Raw(recorded[..^1]);
        }
    }

    /// <summary>Appends to the history. Not thread-safe: the session holds its lock.</summary>
    internal sealed class Recorder
    {
        private ToolCallLog _log = ToolCallLog.Empty;

        public void Add(EncodedToolName name)
        {
            if (!_log.TryAdd(name))
            {
                // Views may still read the old log, so it stays unchanged and the newest names are copied to a new one.
                _log = _log.Continue(CountUpTo(Capacity), name);
            }
        }

        public ToolCallHistory View() => View(CountUpTo(Capacity), null);

        /// <summary>Creates the history that the enforcer gets: with the call that is being evaluated.</summary>
        public ToolCallHistory ViewWith(EncodedToolName current) => View(CountUpTo(Capacity - 1), current);

        private ToolCallHistory View(int count, EncodedToolName? current) => new(_log, _log.Count - count, count, current);

        private int CountUpTo(int limit) => Math.Min(_log.Count, limit);
    }
}
