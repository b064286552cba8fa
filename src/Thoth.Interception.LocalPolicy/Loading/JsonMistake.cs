using System.Text;
using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>
/// Finds where a text stops to be JSON, and describes it for the author of a policy. It runs only after the JSON reader has
/// refused the text, whose own messages are written for programmers.
/// </summary>
internal sealed class JsonMistake(PolicyText text)
{
    private enum Expected
    {
        /// <summary>A value; in an array, its end is a comma too many.</summary>
        Value = 0,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        CommaOrEnd,
    }

    private readonly Stack<int> _open = new();
    private int _keyStart;

    /// <summary>Gets the key that has no colon; <see langword="null"/> for any other mistake.</summary>
    public string? KeyWithoutColon { get; private set; }

    /// <summary>Finds the first mistake.</summary>
    /// <returns>Its offset, and what is wrong and what to do.</returns>
    public (int Offset, string Message) Find()
    {
        var json = text.Json;
        var expected = Expected.Value;
        var i = 0;
        while (true)
        {
            var skipped = json[i..].IndexOfAnyExcept(" \t\r\n"u8);
            if (skipped < 0)
            {
                return (json.Length, EndsEarly());
            }

            i += skipped;
            var mistake = json[i] is (byte)'/' or (byte)'#'
                ? "JSON has no comments. Remove this one, or write it as the \"description\" of the policy or rule."
                : expected switch
                {
                    Expected.Value or Expected.ValueOrEnd => ReadValue(json, ref i, ref expected),
                    Expected.Key or Expected.KeyOrEnd => ReadKey(json, ref i, ref expected),
                    Expected.Colon => ReadColon(json, ref i, ref expected),
                    _ => ReadCommaOrEnd(json, ref i, ref expected),
                };
            if (mistake is not null)
            {
                return (i, mistake);
            }
        }
    }

    private string? ReadValue(ReadOnlySpan<byte> json, ref int i, ref Expected expected)
    {
        var state = expected;
        expected = Expected.CommaOrEnd;
        switch (json[i])
        {
            case (byte)'{' or (byte)'[' when _open.Count == PolicyParser.MaxDepth:
                return $"Objects and arrays are nested deeper than {PolicyParser.MaxDepth} levels. Flatten them.";
            case (byte)'{' or (byte)'[':
                expected = json[i] == '{' ? Expected.KeyOrEnd : Expected.ValueOrEnd;
                _open.Push(i++);
                return null;
            case (byte)']' when IsOpen(json, '[') && json[..i].TrimEnd(" \t\r\n"u8)[^1] == ',':
                return "The comma before this bracket separates nothing. Remove the comma.";
            case (byte)']' or (byte)'}' when state == Expected.ValueOrEnd:
                return ReadEnd(json, ref i);
            case (byte)'"':
                return ReadString(json, ref i);
            case (byte)'-' or (byte)'+' or (byte)'.' or (>= (byte)'0' and <= (byte)'9'):
                var number = Word(json[i..]);
                i += IsNumber(number) ? number.Length : 0;
                return IsNumber(number) ? null : "This number is malformed. Write it like 10, -1.5 or 2e3.";
            default:
                var word = Word(json[i..]);
                var isValue = word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("null"u8);
                i += isValue ? word.Length : 0;
                return isValue
                    ? null
                    : "This is not a value. Write a string in double quotes, a number, true, false, null, an object or an array.";
        }
    }

    private string? ReadKey(ReadOnlySpan<byte> json, ref int i, ref Expected expected)
    {
        switch (json[i])
        {
            case (byte)'"':
                expected = Expected.Colon;
                _keyStart = i + 1;
                return ReadString(json, ref i);
            case (byte)'}' when expected == Expected.Key:
                return "The comma before this bracket separates nothing. Remove the comma.";
            case (byte)'}' or (byte)']':
                expected = Expected.CommaOrEnd;
                return ReadEnd(json, ref i);
            default:
                return "A key must be in double quotes. Correct the quotes.";
        }
    }

    private string? ReadColon(ReadOnlySpan<byte> json, ref int i, ref Expected expected)
    {
        if (json[i] != ':')
        {
            // The key ends before this character; a quote within it is escaped, and so is a backslash.
            var end = json[..i].LastIndexOf((byte)'"');
            KeyWithoutColon = Encoding.UTF8.GetString(json[_keyStart..end]);
            return "A colon is missing after the key. Add it.";
        }

        i++;
        expected = Expected.Value;
        return null;
    }

    private string? ReadCommaOrEnd(ReadOnlySpan<byte> json, ref int i, ref Expected expected)
    {
        if (_open.Count == 0)
        {
            return "The policy ends before this character. Remove what follows.";
        }

        switch (json[i])
        {
            case (byte)',':
                i++;
                expected = IsOpen(json, '{') ? Expected.Key : Expected.Value;
                return null;
            case (byte)'}' or (byte)']':
                return ReadEnd(json, ref i);
            default:
                return "A comma is missing before this character. Add it.";
        }
    }

    private string? ReadEnd(ReadOnlySpan<byte> json, ref int i)
    {
        if (IsOpen(json, json[i] == '}' ? '{' : '['))
        {
            _open.Pop();
            i++;
            return null;
        }

        return $"{Opening()} is not closed before this bracket. Add '{Closing()}'.";
    }

    private static string? ReadString(ReadOnlySpan<byte> json, ref int i)
    {
        var start = i++;
        while (i < json.Length)
        {
            switch (json[i])
            {
                case (byte)'"':
                    i++;
                    return null;
                case < 0x20:
                    return "A string cannot contain a line break or another control character. Write it as an escape, such as \\n.";
                case (byte)'\\' when i + 1 < json.Length && "\"\\/bfnrt"u8.Contains(json[i + 1]):
                    i += 2;
                    break;
                case (byte)'\\' when IsHexEscape(json[i..]):
                    i += 6;
                    break;
                case (byte)'\\' when i + 1 < json.Length:
                    return "This escape is unknown. Write a backslash twice, and a character by its code as \\u0041.";
                default:
                    i++;
                    break;
            }
        }

        i = start;
        return "This string is not closed. Add the closing quote.";
    }

    private static bool IsHexEscape(ReadOnlySpan<byte> json) =>
        json is [_, (byte)'u', _, _, _, _, ..] && json.Slice(2, 4).IndexOfAnyExcept("0123456789abcdefABCDEF"u8) < 0;

    /// <summary>Gets the characters up to the next one that has a meaning in JSON.</summary>
    private static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> json)
    {
        var end = json.IndexOfAny(" \t\r\n,:[]{}\"/"u8);
        return end < 0 ? json : json[..end];
    }

    private static bool IsNumber(ReadOnlySpan<byte> word)
    {
        try
        {
            var reader = new Utf8JsonReader(word);
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool IsOpen(ReadOnlySpan<byte> json, char bracket) => _open.Count > 0 && json[_open.Peek()] == bracket;

    private string EndsEarly() =>
        _open.Count == 0 ? "The policy ends early. Write what is missing." : $"The policy ends early: {Opening()} is not closed. Add '{Closing()}'.";

    private string Opening()
    {
        var (line, column) = text.PlaceOf(_open.Peek());
        return $"'{(char)text.Json[_open.Peek()]}' of line {line}, column {column}";
    }

    private char Closing() => text.Json[_open.Peek()] == '{' ? '}' : ']';
}
