using Thoth.Interception.Serialization;

namespace Thoth.Interception.Sessions;

/// <summary>
/// Stores tool names in the order in which their calls began, and their JSON in one buffer (<c>"a","b",</c>), so that any range
/// can be sent with one copy. Entries are only appended; existing ones never change.
/// </summary>
internal sealed class ToolCallLog
{
    private const int FewNames = 16;
    private const int Step = 4;

    private readonly EncodedToolName[] _names;
    private readonly int[] _ends;
    private readonly byte[] _json;

    private ToolCallLog(int names, int bytes) => (_names, _ends, _json) = (new EncodedToolName[names], new int[names], new byte[bytes]);

    public int Count { get; private set; }

    /// <summary>Gets the log of each session without a call. It takes no entry.</summary>
    public static ToolCallLog Empty { get; } = new(0, 0);

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

    /// <summary>
    /// Creates a log of the newest names and one more, with free space for about as many again, but for a few only at first: most of
    /// many sessions have few calls.
    /// </summary>
    public ToolCallLog Continue(int newest, EncodedToolName next)
    {
        var kept = _names.AsSpan(Count - newest, newest);
        var bytes = Json(Count - newest, newest).Length + next.Json.Length + 1;
        var names = newest < FewNames ? newest + Step : newest * 2;
        var log = new ToolCallLog(names, (bytes + newest) / (newest + 1) * names);
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
