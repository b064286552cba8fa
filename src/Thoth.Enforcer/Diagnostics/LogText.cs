using System.Globalization;
using System.Text;

namespace Thoth.Enforcer.Diagnostics;

/// <summary>
/// A text from outside in a log message. Line breaks, terminal escapes and characters that hide or turn text are written as escapes,
/// so that a caller cannot forge lines of the log.
/// </summary>
internal readonly record struct LogText(string? Value)
{
    private const int MaxLength = 200;

    public static implicit operator LogText(string? value) => new(value);

    public override string ToString() => Escape(Value);

    /// <param name="text">A text.</param>
    /// <param name="maxLength">How many of its characters to keep.</param>
    public static string Escape(string? text, int maxLength = MaxLength)
    {
        if (text is null)
        {
            return "";
        }

        var escaped = new StringBuilder(Math.Min(text.Length, maxLength));
        var kept = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((kept += rune.Utf16SequenceLength) > maxLength)
            {
                return escaped.Append('…').ToString();
            }

            Append(escaped, rune);
        }

        return escaped.ToString();
    }

    /// <summary>Half a surrogate pair is enumerated as U+FFFD.</summary>
    private static void Append(StringBuilder escaped, Rune rune)
    {
        if (rune.Value == '\\')
        {
            escaped.Append(@"\\");
        }
        else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
        {
            escaped.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }
        else
        {
            escaped.Append(rune);
        }
    }
}
