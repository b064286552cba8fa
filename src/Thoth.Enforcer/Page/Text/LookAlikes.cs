using System.Collections.Frozen;

namespace Thoth.Enforcer.Page.Text;

/// <summary>Characters that look like others in the fonts of browsers.</summary>
internal static class LookAlikes
{
    private static readonly FrozenSet<int> s_letters = Set(
        "АВСЕНІЇЈКМОРЅТХҮУЅЗӀѴԌԚԜаасеёіїјһкорѕухүѵԁԛԝӏѡ"
        + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹϳͿΪΫαγικνορυχϲηωτσϊϋόύ"
        + "ՍՏՕԼոսօհցզյ");

    /// <summary>Dashes, slashes, colons, dots, commas, asterisks and bars, by code point: some of them would turn this line around.</summary>
    private static readonly FrozenSet<int> s_punctuation = FrozenSet.ToFrozenSet(
    [
        0x02B9, 0x02BB, 0x02BC, 0x02BD, 0x02C2, 0x02C3, 0x02C8, 0x02CC, 0x02D0, 0x02D6, 0x02D7, 0x02F8, 0x037E, 0x0387, 0x0589, 0x05BE, 0x05C0,
        0x05C3, 0x05F4, 0x066A, 0x066B, 0x066C, 0x066D, 0x06D4, 0x0701, 0x0702, 0x0703, 0x0704, 0x1400, 0x16EB, 0x16EC, 0x16ED, 0x1735,
        0x1803, 0x1804, 0x1806, 0x1809, 0x2010, 0x2011, 0x2012, 0x201A,
        0x201B, 0x2024, 0x2025, 0x2027, 0x2032, 0x2033, 0x2035, 0x2039, 0x203A, 0x2043, 0x2044, 0x204E, 0x2052, 0x2053, 0x2055, 0x205A, 0x205D, 0x2212, 0x2215,
        0x2216, 0x2217, 0x2223, 0x2236, 0x223C, 0x22C5, 0x23AE, 0x23B8, 0x23B9, 0x23D0, 0x2571, 0x2572, 0x2758, 0x2759, 0x275A, 0x2768, 0x2769, 0x276A, 0x276B, 0x276E, 0x276F, 0x2774, 0x2775, 0x27CB, 0x27CD, 0x2981, 0x29F5,
        0x29F8, 0x29F9, 0x2E17, 0x2E40, 0x3003, 0x3033, 0x30A0, 0xA4FE, 0xA4FF, 0xA60E, 0xA673, 0xA789,
        0xA78A, 0xFF61, 0xFF64, 0xFF65, 0x10A50
    ]);

    private static readonly FrozenSet<int> s_eastAsian = Set("一丨丶丿亅工口八十二三力日〇ノハニミエロトタカヘへーㅡㅣㅇㅗㅜ〸");

    /// <summary>Whether a letter of another script looks like a Latin letter.</summary>
    public static bool IsLikeLatin(int codePoint) => s_letters.Contains(codePoint);

    /// <summary>Whether an East Asian letter looks like a Latin letter, a digit or a dash.</summary>
    public static bool IsLikeLatinStroke(int codePoint) => s_eastAsian.Contains(codePoint);

    /// <summary>Whether a character looks like punctuation of programs and amounts.</summary>
    public static bool IsLikePunctuation(int codePoint) =>
        s_punctuation.Contains(codePoint) || IsLikeWriting(codePoint) || codePoint is (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF01 and <= 0xFF65) or (>= 0xFFE0 and <= 0xFFEE);

    /// <summary>Whether a symbol is drawn as letters, digits or strokes: <c>⒈</c> is "1.", and a radical is the character that it is a part of.</summary>
    private static bool IsLikeWriting(int codePoint) => codePoint is (>= 0x2474 and <= 0x24B5) or (>= 0x2E80 and <= 0x2FDF) or (>= 0x31C0 and <= 0x31E3)
        or (>= 0x1CCD6 and <= 0x1CCEF) or (>= 0x1D200 and <= 0x1D245) or (>= 0x1F100 and <= 0x1F10A) or (>= 0x1F110 and <= 0x1F129);

    private static FrozenSet<int> Set(string characters) => characters.EnumerateRunes().Select(static rune => rune.Value).ToFrozenSet();
}
