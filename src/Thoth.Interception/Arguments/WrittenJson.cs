using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Arguments;

/// <summary>
/// Checks the JSON of an argument, whatever wrote it: no object has a name twice, and no character was lost. Parsers disagree about
/// which of two members counts, so the tool could get another value than the enforcer.
/// </summary>
internal static class WrittenJson
{
    /// <summary>Checks one JSON value.</summary>
    /// <param name="json">The value.</param>
    /// <param name="notes">How many U+FFFD belong to the text; each further one stands for a character that was lost.</param>
    /// <exception cref="ArgumentObstacleException">The JSON is not unambiguous.</exception>
    public static void Check(ReadOnlyMemory<byte> json, WritingNotes notes)
    {
        if (ReplacementsIn(json.Span) != notes.Replacements)
        {
            throw new ArgumentObstacleException("a converter wrote text that is not valid Unicode; correct the converter");
        }

        try
        {
            RefuseRepeatedNames(json, notes.Names, notes.Starts);
        }
        catch (JsonException exception)
        {
            throw new ArgumentObstacleException("a converter wrote invalid JSON; correct the converter", (int)(exception.BytePositionInLine ?? -1));
        }
    }

    /// <summary>Counts the replacement characters in JSON, escaped or not.</summary>
    /// <exception cref="ArgumentObstacleException">The JSON has half a surrogate pair or bytes that are not UTF-8.</exception>
    public static int ReplacementsIn(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw TextConverters.HalfPair();
        }

        var count = json.Count("\uFFFD"u8);
        for (var at = json.IndexOf((byte)'\\'); at >= 0 && at + 1 < json.Length;)
        {
            var length = 2;
            if (json[at + 1] == 'u')
            {
                var unit = UnitAt(json, at);
                length = 6;
                if (char.IsSurrogate(unit))
                {
                    if (!char.IsHighSurrogate(unit) || !char.IsLowSurrogate(UnitAt(json, at + 6)))
                    {
                        throw TextConverters.HalfPair(at);
                    }

                    length = 12;
                }
                else if (unit == '\uFFFD')
                {
                    count++;
                }
            }

            var next = json[(at + length)..].IndexOf((byte)'\\');
            at = next < 0 ? -1 : at + length + next;
        }

        return count;
    }

    /// <summary>Gets the UTF-16 code unit of an escape such as <c>\uFFFD</c>, or 0 if there is none.</summary>
    private static char UnitAt(ReadOnlySpan<byte> json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : '\0';

    private static void RefuseRepeatedNames(ReadOnlyMemory<byte> json, List<ReadOnlyMemory<byte>> names, Stack<int> starts)
    {
        var reader = new Utf8JsonReader(json.Span, new JsonReaderOptions { MaxDepth = PooledJsonWriter.MaxDepth });
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    starts.Push(names.Count);
                    break;
                case JsonTokenType.PropertyName:
                    names.Add(NameAt(json, ref reader));
                    break;
                case JsonTokenType.EndObject:
                    var start = starts.Pop();
                    RefuseRepeated(CollectionsMarshal.AsSpan(names)[start..], (int)reader.TokenStartIndex);
                    names.RemoveRange(start, names.Count - start);
                    break;
            }
        }
    }

    private static ReadOnlyMemory<byte> NameAt(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        }

        var name = new byte[reader.ValueSpan.Length];
        return name.AsMemory(0, reader.CopyString(name));
    }

    private static void RefuseRepeated(Span<ReadOnlyMemory<byte>> names, int end)
    {
        const int Few = 8;
        if (names.Length > Few)
        {
            names.Sort(static (left, right) => left.Span.SequenceCompareTo(right.Span));
        }

        for (var i = 1; i < names.Length; i++)
        {
            for (var before = names.Length > Few ? i - 1 : 0; before < i; before++)
            {
                if (names[before].Span.SequenceEqual(names[i].Span))
                {
                    throw new ArgumentObstacleException(
                        "it has a name twice, and parsers disagree about which one counts; rename the key or the member", end);
                }
            }
        }
    }
}
