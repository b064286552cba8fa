using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// One value of an answer as it was written: valid JSON in valid UTF-8, which whoever makes one has seen to; empty where there is
/// none. Its first byte tells what it is.
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

    /// <summary>No value, null, an empty text or an empty list: the other spelling is read then (contract §1.2.2).</summary>
    public bool SaysNothing =>
        Json.IsEmpty || IsNull || (IsText && Json.Length == 2) || (IsList && Json[1..^1].IndexOfAnyExcept(" \t\r\n"u8) < 0);

    public static RawJsonValue Of(JsonElement? value) => value is { } element ? new(JsonMarshal.GetRawUtf8Value(element)) : default;

    /// <summary><see langword="null"/> where the value is no text, or one with half a surrogate pair.</summary>
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

    /// <summary>A text that says something.</summary>
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
