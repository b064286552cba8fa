using Thoth.Interception.Serialization;

namespace Thoth.Interception.Sessions;

/// <summary>
/// Tool calls in the order in which they began, and the same as JSON in one run of bytes (<c>"a","b",</c>), so that any part of
/// it can be sent with one copy. Only ever appended to: an entry that a reader knows of stays as it is.
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

    /// <summary>The JSON of some names, each with a comma behind it.</summary>
    public ReadOnlySpan<byte> Json(int start, int count) => _json.AsSpan(EndOf(start)..EndOf(start + count));

    /// <returns><see langword="false"/> where there is no room left.</returns>
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

    /// <summary>A new log of the newest names and one more, with room for about as many again.</summary>
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

    /// <summary>Where the JSON of the first so many names ends.</summary>
    private int EndOf(int count) => count == 0 ? 0 : _ends[count - 1];
}
