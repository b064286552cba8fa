namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// A case-sensitive pattern for a whole string: <c>*</c> matches any number of characters, <c>?</c> exactly one. A
/// character is a Unicode scalar value, so an emoji is one although it is two UTF-16 units.
/// </summary>
internal sealed class Glob(string pattern)
{
    private readonly bool _isLiteral = pattern.AsSpan().IndexOfAny('*', '?') < 0;

    public static bool AnyMatches(Glob[] globs, string text)
    {
        foreach (var glob in globs)
        {
            if (glob.IsMatch(text))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => pattern;

    public bool IsMatch(string text) =>
        _isLiteral ? string.Equals(pattern, text, StringComparison.Ordinal) : IsMatch(pattern, text);

    /// <summary>
    /// Matches greedily and backtracks only to the last <c>*</c>. The time is therefore at most the product of both lengths.
    /// </summary>
    private static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && pattern[p] == '?')
            {
                p++;
                t += CharacterLength(text, t);
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                resume += CharacterLength(text, resume);
                t = resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    private static int CharacterLength(ReadOnlySpan<char> text, int index) =>
        char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 1;
}
