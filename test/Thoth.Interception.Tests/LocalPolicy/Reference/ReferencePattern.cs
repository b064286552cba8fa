using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>Patterns with <c>*</c> and <c>?</c>. A character is a Unicode scalar value, or half of a surrogate pair alone.</summary>
internal static class ReferencePattern
{
    /// <summary>Determines whether one of the patterns, or the only one, matches the whole text.</summary>
    public static bool IsMatchOfOne(JsonNode patterns, string text) =>
        ReferenceJson.OneOrMore(patterns).Any(pattern => IsMatch((string)pattern!, text));

    public static bool IsMatch(string pattern, string text) => IsMatch(CharactersOf(pattern), CharactersOf(text));

    private static int[] CharactersOf(string text) =>
    [
        .. Enumerable.Range(0, text.Length)
            .Where(i => i == 0 || !char.IsSurrogatePair(text, i - 1))
            .Select(i => i + 1 < text.Length && char.IsSurrogatePair(text, i) ? char.ConvertToUtf32(text, i) : text[i]),
    ];

    private static bool IsMatch(ReadOnlySpan<int> pattern, ReadOnlySpan<int> text)
    {
        if (pattern.IsEmpty)
        {
            return text.IsEmpty;
        }

        if (pattern[0] == '*')
        {
            return IsMatch(pattern[1..], text) || (!text.IsEmpty && IsMatch(pattern, text[1..]));
        }

        return !text.IsEmpty && (pattern[0] == '?' || pattern[0] == text[0]) && IsMatch(pattern[1..], text[1..]);
    }
}
