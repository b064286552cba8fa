using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Thoth.Interception;

/// <summary>Where a member of an answer belongs: each <see cref="WireField"/> has one slot for its snake_case spelling and one for its camelCase one.</summary>
internal static class WireSlot
{
    private static readonly FrozenDictionary<string, int> s_byName = ByName();
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> s_bySpan =
        s_byName.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly int s_longestName = s_byName.Keys.Max(static name => name.Length);

    public static readonly int Count = Enum.GetValues<WireField>().Length * 2;

    public static int Snake(WireField field) => (int)field * 2;

    public static int Camel(WireField field) => (int)field * 2 + 1;

    /// <exception cref="InvalidOperationException">The name is no text: it has half a surrogate pair.</exception>
    public static bool TryFind(JsonProperty member, out int slot)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(member);
        if (raw.Contains((byte)'\\'))
        {
            return s_byName.TryGetValue(member.Name, out slot);
        }

        Span<char> name = stackalloc char[64];
        slot = -1;
        return raw.Length <= s_longestName
            && Encoding.UTF8.TryGetChars(raw, name, out var length)
            && s_bySpan.TryGetValue(name[..length], out slot);
    }

    private static FrozenDictionary<string, int> ByName()
    {
        var slots = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var field in Enum.GetValues<WireField>())
        {
            slots.Add(JsonNamingPolicy.SnakeCaseLower.ConvertName(field.ToString()), Snake(field));

            // A name of one word has no second spelling.
            slots.TryAdd(JsonNamingPolicy.CamelCase.ConvertName(field.ToString()), Camel(field));
        }

        return slots.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
