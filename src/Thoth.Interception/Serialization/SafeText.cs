using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Thoth.Interception.Serialization;

/// <summary>
/// Makes a text from outside safe for messages and logs. It stays on its line, and no character in it is invisible or turns others
/// around: those are written as their code. A long text is cut.
/// </summary>
internal static class SafeText
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxLength = 2_000;

    /// <summary>Returns the text itself if it is safe.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text) =>
        text is null || (text.Length <= MaxLength && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) ? text : Escaped(text);

    /// <inheritdoc cref="Of(string?)"/>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> texts)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            if (!ReferenceEquals(Of(texts[i]), texts[i]))
            {
                return [.. texts.Select(static text => Of(text))];
            }
        }

        return texts;
    }

    private static string Escaped(string text)
    {
        var safe = new StringBuilder(Math.Min(text.Length, MaxLength));
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            Rune.DecodeFromUtf16(rest, out var rune, out var length);
            var start = safe.Length;
            Append(safe, rest[..length], rune);
            rest = rest[length..];
            if (safe.Length > (rest.IsEmpty ? MaxLength : MaxLength - 1))
            {
                safe.Length = start;
                return safe.Append('…').ToString();
            }
        }

        return safe.Length == text.Length && safe.Equals(text) ? text : safe.ToString();
    }

    private static void Append(StringBuilder safe, ReadOnlySpan<char> character, Rune rune)
    {
        if (character is "\r" or "\n" or "\t")
        {
            safe.Append(' ');
        }
        else if (IsVisible(rune) && !(rune == Rune.ReplacementChar && character is not "\ufffd"))
        {
            safe.Append(character);
        }
        else
        {
            foreach (var unit in character)
            {
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
        }
    }

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
