using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// Finds one argument without allocating a document, if the arguments are a few strings, numbers and Booleans, as they are in
/// most calls. It is as strict as the document: all other arguments are left to <see cref="EvaluatedCall.Arguments"/>.
/// </summary>
internal static class FlatArguments
{
    private const int MaxArguments = 8;

    /// <returns>
    /// Whether the arguments are flat. If they are and have no such name, <paramref name="value"/> is missing.
    /// </returns>
    /// <exception cref="JsonException">The arguments are not valid JSON.</exception>
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

            var isMatch = reader.ValueTextEquals(name);
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                return false;
            }

            if (isMatch)
            {
                value = CallValue.ReadScalar(ref reader);
            }
        }

        // Only reading on finds data after the object.
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
