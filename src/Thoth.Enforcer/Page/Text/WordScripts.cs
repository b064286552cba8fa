namespace Thoth.Enforcer.Page.Text;

/// <summary>Finds the letters of a word that look like, or are mixed with, letters of another script.</summary>
internal static class WordScripts
{
    /// <summary>Gets for each glyph of a word the script to warn of, or <see langword="null"/>.</summary>
    public static Script?[] Suspects(IReadOnlyList<Glyph> word, TextFacts facts)
    {
        var scripts = new Script?[word.Count];
        for (var i = 0; i < scripts.Length; i++)
        {
            // A mark belongs to its letter; digits belong to all scripts.
            scripts[i] = word[i].IsLetter ? Script.Of(word[i].CodePoint) : i > 0 && !word[i].IsDigit ? scripts[i - 1] : null;
        }

        var used = scripts.OfType<Script>().Distinct().ToList();
        var own = used.Contains(Script.Latin) ? Script.Latin : used.FirstOrDefault();
        var imitates = used.Count == 1 && Imitates(word, own!, facts);
        var suspects = new Script?[word.Count];
        for (var i = 0; i < suspects.Length; i++)
        {
            suspects[i] = scripts[i] is { } script && (imitates || IsSuspect(script, own!, used, i, word)) ? scripts[i] : Stray(word[i], scripts[i]);
        }

        return suspects;
    }

    /// <summary>Gets the script of a mark that stands on a letter of another script, or on a digit. Many such marks are not visible there.</summary>
    private static Script? Stray(Glyph glyph, Script? ofLetter) =>
        !glyph.IsLetter && !glyph.IsDigit && !IsOfAllScripts(glyph.CodePoint) && Script.Of(glyph.CodePoint) is var script && script != ofLetter ? script : null;

    private static bool IsOfAllScripts(int mark) =>
        mark is (>= 0x0300 and <= 0x036F) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE20 and <= 0xFE2F);

    private static bool IsSuspect(Script script, Script own, List<Script> used, int index, IReadOnlyList<Glyph> word)
    {
        if (!script.IsUsual)
        {
            return true;
        }

        if (script == own)
        {
            return false;
        }

        // Chinese, Japanese and Korean write Latin words without spaces around them.
        return script != Script.EastAsian || own != Script.Latin || used.Count > 2
            || (LookAlikes.IsLikeLatinStroke(word[index].CodePoint) && !IsClearlyEastAsian(word, index - 1) && !IsClearlyEastAsian(word, index + 1));
    }

    private static bool IsClearlyEastAsian(IReadOnlyList<Glyph> word, int index) => index >= 0 && index < word.Count
        && word[index].IsLetter && Script.Of(word[index].CodePoint) == Script.EastAsian && !LookAlikes.IsLikeLatinStroke(word[index].CodePoint);

    /// <summary>
    /// Whether a word of one script consists of letters that look Latin. In a text of that script such words are usual; between
    /// Latin words only a single letter is.
    /// </summary>
    private static bool Imitates(IReadOnlyList<Glyph> word, Script script, TextFacts facts)
    {
        if (script == Script.Latin || !word.All(static glyph => !glyph.IsLetter || LookAlikes.IsLikeLatin(glyph.CodePoint)))
        {
            return false;
        }

        return !facts.Distinct.Contains(script) || (facts.HasLatin && word.Count(static glyph => glyph.IsLetter) > 1);
    }
}
