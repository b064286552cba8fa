using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>
/// Looks one argument up in a call whose arguments are a few texts, numbers and truth values, which most calls' are, without
/// making a document of them. It is as strict as the document: whatever it is not sure about it leaves to that.
/// </summary>
internal static class FlatArguments
{
    private const int MaxArguments = 8;

    /// <returns>Whether the arguments are flat; <paramref name="value"/> is missing then where they have no such name.</returns>
    /// <exception cref="JsonException">The arguments are no JSON.</exception>
    public static bool TryFind(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> name, out CallValue value)
    {
        value = CallValue.Missing;
        Span<Range> names = stackalloc Range[MaxArguments];
        var count = 0;
        var reader = new Utf8JsonReader(arguments);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex + 1;
            names[count] = start..(start + reader.ValueSpan.Length);
            if (reader.ValueIsEscaped || IsDuplicate(arguments, names[..count], reader.ValueSpan) || ++count == MaxArguments)
            {
                return false;
            }

            var isWanted = reader.ValueTextEquals(name);
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                return false;
            }

            if (isWanted)
            {
                value = CallValue.ReadScalar(ref reader);
            }
        }

        // Reading on is what finds anything behind the object.
        return !reader.Read();
    }

    private static bool IsDuplicate(ReadOnlySpan<byte> arguments, ReadOnlySpan<Range> names, ReadOnlySpan<byte> name)
    {
        foreach (var other in names)
        {
            if (arguments[other].SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}
