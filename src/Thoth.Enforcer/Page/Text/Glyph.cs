using System.Globalization;
using System.Text;

namespace Thoth.Enforcer.Page.Text;

/// <summary>A code point of a text, or half of a pair that has lost the other half.</summary>
internal readonly record struct Glyph(int CodePoint, int Length, UnicodeCategory Category)
{
    public bool IsLetter => Category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;

    public bool IsDigit => Category == UnicodeCategory.DecimalDigitNumber;

    /// <summary>Whether it is drawn onto the character before it.</summary>
    public bool IsCombining => Category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    public bool IsInWord => IsLetter || IsDigit || IsCombining || Category == UnicodeCategory.SpacingCombiningMark;

    /// <summary>Whether it is a letter that is written from right to left.</summary>
    public bool IsRightToLeft => IsLetter && CodePoint is (>= 0x0590 and <= 0x08FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)
        or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    /// <summary>Whether it draws a dot where the letter before it has one, so that it is not visible.</summary>
    public bool IsSecondDot(Glyph before) => CodePoint == 0x0307 && before.CodePoint is 'i' or 'j' or 0x012F or 0x0456 or 0x0458 or 0x1ECB;

    public string Name => $"U+{CodePoint:X4}";

    public static Glyph At(string text, int index) => Rune.TryGetRuneAt(text, index, out var rune)
        ? new(rune.Value, rune.Utf16SequenceLength, Rune.GetUnicodeCategory(rune))
        : new(text[index], 1, UnicodeCategory.Surrogate);
}
