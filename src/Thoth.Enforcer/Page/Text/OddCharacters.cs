using System.Globalization;

namespace Thoth.Enforcer.Page.Text;

/// <summary>Says of a single character why a page shows a mark in its place.</summary>
internal static class OddCharacters
{
    private const string Hidden = "a character that is not visible";
    private const string Turns = "a character that turns the text around it";

    /// <returns><see langword="null"/> if the character is shown as it is.</returns>
    public static string? WhyMarked(Glyph glyph) => glyph.CodePoint switch
    {
        0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => Turns,

        // Blanks that Unicode counts as letters, marks or symbols, and variation selectors.
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F)
            or 0xFFA0 or 0x16FE4 or 0x1D159 or (>= 0xE0000 and <= 0xE0FFF) => Hidden,
        (>= 0x0334 and <= 0x0338) or 0x20D2 or 0x20D3 or (>= 0x20D8 and <= 0x20DA) or 0x20E5 or 0x20E6 or 0x20EA or 0x20EB => "a mark that is drawn over other characters",
        0x27E8 or 0x27E9 => "a bracket that this page uses for marks",
        0xFFFC or 0xFFFD => "a character that stands for another one",
        _ => glyph.Category switch
        {
            UnicodeCategory.Surrogate => "half of a character",
            UnicodeCategory.Control => "a control character",
            UnicodeCategory.Format => Hidden,
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => "a line end of an unusual kind",
            UnicodeCategory.SpaceSeparator when glyph.CodePoint != ' ' => "a space of an unusual kind",
            UnicodeCategory.OtherNotAssigned => "a character that does not exist",
            UnicodeCategory.PrivateUse => "a character that each font draws as it likes",
            UnicodeCategory.EnclosingMark => "a mark that is drawn around other characters",
            _ when !glyph.IsLetter && !glyph.IsDigit && LookAlikes.IsLikePunctuation(glyph.CodePoint) => "a character that looks like another one",
            _ when glyph.CodePoint is (>= 0x02B0 and <= 0x02FF) && LookAlikes.IsLikePunctuation(glyph.CodePoint) => "a character that looks like another one",
            _ => null,
        },
    };

    /// <summary>Gets the short name of a character that is common in texts of several lines.</summary>
    public static string? CommonName(int codePoint) => codePoint switch
    {
        '\t' => "TAB",
        '\n' => "LF",
        '\r' => "CR",
        _ => null,
    };

    /// <summary>Whether a mark shows the character too: it is visible, and its likeness is what matters.</summary>
    public static bool IsVisible(Glyph glyph) =>
        glyph.Category != UnicodeCategory.OtherNotAssigned && LookAlikes.IsLikePunctuation(glyph.CodePoint);
}
