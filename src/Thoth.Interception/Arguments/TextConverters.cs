using System.Text.Json;
using System.Text.Json.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Writes text. A surrogate without its other half is refused: the serializer would write U+FFFD in its place, and the tool would
/// get other text than the enforcer.
/// </summary>
internal static class TextConverters
{
    private const char Replacement = '\uFFFD';

    public static void AddTo(IList<JsonConverter> converters)
    {
        converters.Add(new Strings());
        converters.Add(new Chars());
    }

    /// <summary>Refuses half a surrogate pair.</summary>
    /// <exception cref="ArgumentObstacleException">The text has one.</exception>
    public static void RefuseHalfPair(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (at >= 0)
        {
            RefuseHalfPairFrom(text, at);
        }
    }

    public static ArgumentObstacleException HalfPair(int offset = -1) =>
        new("its text has half of a surrogate pair, which no valid Unicode text has; pass the whole character", offset);

    public static void WriteText(Utf8JsonWriter writer, string text)
    {
        Note(text);
        writer.WriteStringValue(text);
    }

    public static void WriteName(Utf8JsonWriter writer, string name)
    {
        NoteName(name);
        writer.WritePropertyName(name);
    }

    private static void RefuseHalfPairFrom(ReadOnlySpan<char> text, int at)
    {
        for (; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
            {
                continue;
            }

            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
            {
                throw HalfPair();
            }

            at++;
        }
    }

    private static void NoteName(ReadOnlySpan<char> name)
    {
        try
        {
            Note(name);
        }
        catch (ArgumentObstacleException)
        {
            throw new ArgumentObstacleException("one of its keys has half of a surrogate pair, which no valid Unicode text has; use another key");
        }
    }

    private static void Note(ReadOnlySpan<char> text)
    {
        RefuseHalfPair(text);
        if (text.Contains(Replacement) && WritingNotes.Current is { } notes)
        {
            notes.Replacements += text.Count(Replacement);
        }
    }

    private sealed class Strings : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => WriteText(writer, value);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => WriteName(writer, value);
    }

    private sealed class Chars : JsonConverter<char>
    {
        public override char Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, char value, JsonSerializerOptions options)
        {
            Note([value]);
            writer.WriteStringValue([value]);
        }

        public override void WriteAsPropertyName(Utf8JsonWriter writer, char value, JsonSerializerOptions options)
        {
            NoteName([value]);
            writer.WritePropertyName([value]);
        }
    }
}
