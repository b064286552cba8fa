using System.Text;
using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Patterns with <c>*</c> and <c>?</c>, by Unicode scalar values.</summary>
internal static class ReferencePattern
{
    /// <summary>Determines whether one of the patterns, or the only one, matches the whole text.</summary>
    public static bool IsMatchOfOne(JsonNode patterns, string text) =>
        ReferenceJson.OneOrMore(patterns).Any(pattern => IsMatch((string)pattern!, text));

    public static bool IsMatch(string pattern, string text) => IsMatch([.. pattern.EnumerateRunes()], [.. text.EnumerateRunes()]);

    private static bool IsMatch(ReadOnlySpan<Rune> pattern, ReadOnlySpan<Rune> text)
    {
        if (pattern.IsEmpty)
        {
            return text.IsEmpty;
        }

        if (pattern[0] == new Rune('*'))
        {
            return IsMatch(pattern[1..], text) || (!text.IsEmpty && IsMatch(pattern, text[1..]));
        }

        return !text.IsEmpty && (pattern[0] == new Rune('?') || pattern[0] == text[0]) && IsMatch(pattern[1..], text[1..]);
    }
}
