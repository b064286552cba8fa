using System.Globalization;
using System.Text;

namespace Thoth.Interception.AspNetCore.Callers;

/// <summary>Checks values that clients choose.</summary>
internal static class OutsideValue
{
    /// <summary>The most characters that an id of a user or a conversation has.</summary>
    public const int MaxLength = 256;

    /// <summary>
    /// Whether a value can be an id: not blank, not too long, no blanks around it, and no character that is invalid or invisible.
    /// </summary>
    public static bool IsId(string value)
    {
        if (value.Length is 0 or > MaxLength || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]))
        {
            return false;
        }

        for (var i = 0; i < value.Length; i++)
        {
            if (!Rune.TryGetRuneAt(value, i, out var rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }

            i += rune.Utf16SequenceLength - 1;
        }

        return true;
    }
}
