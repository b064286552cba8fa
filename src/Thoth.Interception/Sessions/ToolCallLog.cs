using Thoth.Interception.Serialization;

namespace Thoth.Interception.Sessions;

/// <summary>
/// Stores tool names in the order in which their calls began, and their JSON in one buffer (<c>"a","b",</c>), so that any range
/// can be sent with one copy. Entries are only appended; existing ones never change.
/// </summary>
internal sealed class ToolCallLog
{
    private readonly EncodedToolName[] _names;
    private readonly int[] _ends;
    private readonly byte[] _json;

    private ToolCallLog(int names, int bytes) => (_names, _ends, _json) = (new EncodedToolName[names], new int[names], new byte[bytes]);

    public int Count { get; private set; }

    public static ToolCallLog Empty() => new(16, 256);

    public string NameAt(int index) => _names[index].Text;

    /// <summary>Gets the JSON of a range of names, each followed by a comma.</summary>
    public ReadOnlySpan<byte> Json(int start, int count) => _json.AsSpan(EndOf(start)..EndOf(start + count));

    /// <returns><see langword="false"/> if the log is full.</returns>
    public bool TryAdd(EncodedToolName name)
    {
        var start = EndOf(Count);
        var end = start + name.Json.Length + 1;
        if (Count == _names.Length || end > _json.Length)
        {
            return false;
        }

        name.Json.CopyTo(_json, start);
        _json[end - 1] = (byte)',';
        (_names[Count], _ends[Count]) = (name, end);
        Count++;
        return true;
    }

    /// <summary>Creates a log of the newest names and one more, with free space for about as many again.</summary>
    public ToolCallLog Continue(int newest, EncodedToolName next)
    {
        var kept = _names.AsSpan(Count - newest, newest);
        var bytes = Json(Count - newest, newest).Length + next.Json.Length + 1;
        var log = new ToolCallLog(Math.Max(16, newest * 2), Math.Max(256, bytes * 2));
        foreach (var name in kept)
        {
            log.TryAdd(name);
        }

        log.TryAdd(next);
        return log;
    }

    /// <summary>Gets the position at which the JSON of the first <paramref name="count"/> names ends.</summary>
    private int EndOf(int count) => count == 0 ? 0 : _ends[count - 1];
}
