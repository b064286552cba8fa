using System.Text;
using System.Text.Json;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>Assigns slots to the properties of a response: each <see cref="ResponseProperty"/> has one for its snake_case name and one for its camelCase name.</summary>
internal static class ResponsePropertyIndex
{
    public static readonly int Count = Enum.GetValues<ResponseProperty>().Length * 2;

    private static readonly string[] s_names = [.. Enumerable.Range(0, Count).Select(Name)];

    /// <summary>The names by their length: so few have the same that comparing is quicker than hashing.</summary>
    private static readonly (byte[] Name, int Slot)[][] s_byLength = ByLength();

    public static int Snake(ResponseProperty field) => (int)field * 2;

    public static int Camel(ResponseProperty field) => (int)field * 2 + 1;

    public static string NameOf(int slot) => s_names[slot];

    /// <summary>A bit for each slot of the properties.</summary>
    public static UInt128 SlotsOf(params ReadOnlySpan<ResponseProperty> properties)
    {
        var slots = UInt128.Zero;
        foreach (var property in properties)
        {
            slots |= (UInt128)3 << Snake(property);
        }

        return slots;
    }

    /// <summary>The slot of the name that the reader is at; -1 if it is not a <see cref="ResponseProperty"/>.</summary>
    /// <exception cref="InvalidOperationException">The name is not valid text: it has half a surrogate pair.</exception>
    public static int Find(ref Utf8JsonReader reader) =>
        Find(reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan);

    private static int Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < s_byLength.Length)
        {
            foreach (var (known, slot) in s_byLength[name.Length])
            {
                if (name.SequenceEqual(known))
                {
                    return slot;
                }
            }
        }

        return -1;
    }

    private static ResponseProperty FieldOf(int slot) => (ResponseProperty)(slot / 2);

    private static string Name(int slot) =>
        (slot == Snake(FieldOf(slot)) ? JsonNamingPolicy.SnakeCaseLower : JsonNamingPolicy.CamelCase).ConvertName(FieldOf(slot).ToString());

    private static (byte[] Name, int Slot)[][] ByLength()
    {
        var slots = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var slot = 0; slot < Count; slot++)
        {
            // A name of one word is the same in both spellings.
            slots.TryAdd(s_names[slot], slot);
        }

        var byLength = slots.ToLookup(static name => name.Key.Length, static name => (Encoding.UTF8.GetBytes(name.Key), name.Value));
        return [.. Enumerable.Range(0, byLength.Max(static names => names.Key) + 1).Select(length => byLength[length].ToArray())];
    }
}
