using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// A JSON number, compared exactly. Nearly all numbers fit into a <see cref="decimal"/>; only the others keep their text, which
/// <see cref="DecimalText"/> compares.
/// </summary>
internal readonly struct PolicyNumber : IComparable<PolicyNumber>
{
    /// <summary>A text without an exponent has at most this many digits if <see cref="decimal"/> must not round it.</summary>
    private const int MaxExactLength = 28;

    private readonly decimal _decimal;
    private readonly byte[]? _text;

    private PolicyNumber(decimal value) => _decimal = value;

    private PolicyNumber(ReadOnlySpan<byte> text) => _text = text.ToArray();

    public static PolicyNumber From(JsonElement json)
    {
        var text = JsonMarshal.GetRawUtf8Value(json);
        return IsExact(text) && json.TryGetDecimal(out var exact) ? new(exact) : new(text);
    }

    /// <summary>Reads a number. Whole numbers come first, because they are the most frequent and the fastest to read.</summary>
    public static PolicyNumber From(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out var whole) ? new((decimal)whole)
        : IsExact(reader.ValueSpan) && reader.TryGetDecimal(out var exact) ? new(exact)
        : new(reader.ValueSpan);

    public int CompareTo(PolicyNumber other) =>
        _text is null && other._text is null
            ? _decimal.CompareTo(other._decimal)
            : DecimalText.Compare(new(Text()), new(other.Text()));

    private static bool IsExact(ReadOnlySpan<byte> text) =>
        text.Length <= MaxExactLength && text.IndexOfAny((byte)'e', (byte)'E') < 0;

    private byte[] Text() => _text ?? Encoding.ASCII.GetBytes(_decimal.ToString(CultureInfo.InvariantCulture));
}
