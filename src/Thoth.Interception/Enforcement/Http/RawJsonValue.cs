using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// One value of a response as it was sent; empty if there is none. The caller must pass valid JSON in valid UTF-8: the first byte
/// then tells the kind of the value.
/// </summary>
internal readonly ref struct RawJsonValue(ReadOnlySpan<byte> json)
{
    public ReadOnlySpan<byte> Json { get; } = json;

    public bool IsNull => StartsWith('n');

    public bool IsTrue => StartsWith('t');

    public bool IsObject => StartsWith('{');

    public bool IsList => StartsWith('[');

    private bool IsText => StartsWith('"');

    private bool IsNumber => !Json.IsEmpty && Json[0] is (byte)'-' or (>= (byte)'0' and <= (byte)'9');

    /// <summary>No value, null, an empty string or an empty list: the other spelling is read then (contract §1.2.2).</summary>
    public bool IsEmptyOrNull =>
        Json.IsEmpty || IsNull || (IsText && Json.Length == 2) || (IsList && Json[1..^1].IndexOfAnyExcept(" \t\r\n"u8) < 0);

    public static RawJsonValue Of(JsonElement? value) => value is { } element ? new(JsonMarshal.GetRawUtf8Value(element)) : default;

    /// <summary>The text; <see langword="null"/> if the value is not a string or has half a surrogate pair.</summary>
    public string? Text()
    {
        if (!IsText)
        {
            return null;
        }

        if (!Json.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(Json[1..^1]);
        }

        try
        {
            return Reader().GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A text that is not empty.</summary>
    public string? NonEmptyText() => Text() is { Length: > 0 } text ? text : null;

    /// <summary>A finite number.</summary>
    public double? Number() => IsNumber && Reader().TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    /// <summary>45 as well as 45.0, but not 45.5.</summary>
    public long? Integer()
    {
        if (!IsNumber)
        {
            return null;
        }

        var reader = Reader();
        if (reader.TryGetInt64(out var integer))
        {
            return integer;
        }

        return reader.TryGetDecimal(out var number) && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null;
    }

    private bool StartsWith(char first) => !Json.IsEmpty && Json[0] == first;

    private Utf8JsonReader Reader()
    {
        var reader = new Utf8JsonReader(Json);
        reader.Read();
        return reader;
    }
}
