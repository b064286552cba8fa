namespace Thoth.Enforcer.Page.Text;

/// <summary>A writing system.</summary>
/// <param name="Name">Its name, as a page shows it.</param>
/// <param name="IsUsual">Whether texts of today use it. Letters of the others are always marked: many look like Latin letters.</param>
internal sealed record Script(string Name, bool IsUsual = true)
{
    public static readonly Script Latin = new("Latin");
    public static readonly Script Greek = new("Greek");
    public static readonly Script Cyrillic = new("Cyrillic");
    public static readonly Script Armenian = new("Armenian");

    /// <summary>Chinese, Japanese and Korean writing mixes these with each other and with Latin.</summary>
    public static readonly Script EastAsian = new("East Asian");

    private static readonly Script s_unusual = new("another script", IsUsual: false);
    private static readonly Script s_rareLatin = new("rare Latin", IsUsual: false);
    private static readonly Script s_hebrew = new("Hebrew");
    private static readonly Script s_arabic = new("Arabic");
    private static readonly Script s_georgian = new("Georgian");
    private static readonly Script s_ethiopic = new("Ethiopic");
    private static readonly Script s_cherokee = new("Cherokee", IsUsual: false);
    private static readonly Script s_coptic = new("Coptic", IsUsual: false);

    /// <summary>The blocks of Unicode with letters, in their order. A code point in none of them is of <see cref="s_unusual"/>.</summary>
    private static readonly (int First, int Last, Script Script)[] s_blocks =
    [
        (0x0041, 0x0131, Latin), (0x0132, 0x0133, s_rareLatin), (0x0134, 0x0137, Latin), (0x0138, 0x0138, s_rareLatin), (0x0139, 0x013E, Latin),
        (0x013F, 0x0140, s_rareLatin), (0x0141, 0x0148, Latin), (0x0149, 0x0149, s_rareLatin), (0x014A, 0x017E, Latin), (0x017F, 0x018E, s_rareLatin),
        (0x018F, 0x018F, Latin), (0x0190, 0x019F, s_rareLatin), (0x01A0, 0x01A1, Latin),
        (0x01A2, 0x01AE, s_rareLatin), (0x01AF, 0x01B0, Latin), (0x01B1, 0x01CC, s_rareLatin), (0x01CD, 0x01F0, Latin), (0x01F1, 0x01F3, s_rareLatin), (0x01F4, 0x0220, Latin), (0x0221, 0x0221, s_rareLatin),
        (0x0222, 0x0233, Latin), (0x0234, 0x0258, s_rareLatin), (0x0259, 0x0259, Latin), (0x025A, 0x02FF, s_rareLatin),
        (0x0370, 0x03E1, Greek), (0x03E2, 0x03EF, s_coptic), (0x03F0, 0x03FF, Greek), (0x0400, 0x052F, Cyrillic), (0x0530, 0x058F, Armenian),
        (0x0590, 0x05FF, s_hebrew), (0x0600, 0x06FF, s_arabic), (0x0750, 0x077F, s_arabic), (0x0780, 0x07BF, new("Thaana")), (0x0870, 0x08FF, s_arabic),
        (0x0900, 0x097F, new("Devanagari")), (0x0980, 0x09FF, new("Bengali")), (0x0A00, 0x0A7F, new("Gurmukhi")), (0x0A80, 0x0AFF, new("Gujarati")),
        (0x0B00, 0x0B7F, new("Odia")), (0x0B80, 0x0BFF, new("Tamil")), (0x0C00, 0x0C7F, new("Telugu")), (0x0C80, 0x0CFF, new("Kannada")),
        (0x0D00, 0x0D7F, new("Malayalam")), (0x0D80, 0x0DFF, new("Sinhala")), (0x0E00, 0x0E7F, new("Thai")), (0x0E80, 0x0EFF, new("Lao")),
        (0x0F00, 0x0FFF, new("Tibetan")), (0x1000, 0x109F, new("Myanmar")), (0x10A0, 0x10FF, s_georgian), (0x1100, 0x11FF, EastAsian),
        (0x1200, 0x139F, s_ethiopic), (0x13A0, 0x13FF, s_cherokee), (0x1780, 0x17FF, new("Khmer")), (0x1C80, 0x1C8F, Cyrillic),
        (0x1C90, 0x1CBF, s_georgian), (0x1D00, 0x1DBF, s_rareLatin), (0x1E00, 0x1EFF, Latin), (0x1F00, 0x1FFF, Greek),
        (0x2071, 0x209C, new("superscript or subscript", false)), (0x2100, 0x218F, new("a letter as a symbol", false)), (0x2C60, 0x2C7F, s_rareLatin),
        (0x2C80, 0x2CFF, s_coptic), (0x2D00, 0x2D2F, s_georgian), (0x2D80, 0x2DDF, s_ethiopic), (0x2DE0, 0x2DFF, Cyrillic), (0x2E80, 0x2FDF, EastAsian),
        (0x3000, 0x31FF, EastAsian), (0x3400, 0x4DBF, EastAsian), (0x4E00, 0x9FFF, EastAsian), (0xA4D0, 0xA4FF, new("Lisu", false)),
        (0xA640, 0xA69F, Cyrillic), (0xA720, 0xA7FF, s_rareLatin), (0xA960, 0xA97F, EastAsian), (0xAB00, 0xAB2F, s_ethiopic), (0xAB30, 0xAB6F, s_rareLatin),
        (0xAB70, 0xABBF, s_cherokee), (0xAC00, 0xD7FF, EastAsian), (0xF900, 0xFAFF, EastAsian), (0xFB00, 0xFB06, s_rareLatin), (0xFB13, 0xFB17, Armenian),
        (0xFB1D, 0xFB4F, s_hebrew), (0xFB50, 0xFDFF, s_arabic), (0xFE70, 0xFEFF, s_arabic), (0xFF01, 0xFF5E, new("fullwidth", false)),
        (0xFF66, 0xFFDC, EastAsian), (0x10780, 0x107BF, s_rareLatin), (0x1D400, 0x1D7FF, new("mathematical", false)), (0x1DF00, 0x1DFFF, s_rareLatin),
        (0x1E030, 0x1E08F, Cyrillic), (0x20000, 0x323AF, EastAsian),
    ];

    /// <summary>Gets the script of a letter.</summary>
    public static Script Of(int codePoint)
    {
        var (low, high) = (0, s_blocks.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last, script) = s_blocks[middle];
            if (codePoint >= first && codePoint <= last)
            {
                return script;
            }

            (low, high) = codePoint < first ? (low, middle - 1) : (middle + 1, high);
        }

        return s_unusual;
    }
}
