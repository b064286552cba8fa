using System.Text;

namespace Thoth.Enforcer.Page.Text;

/// <summary>The scripts of a whole text, against which each of its words is judged.</summary>
/// <param name="HasLatin">Whether it has Latin letters.</param>
/// <param name="Distinct">The scripts of which it has letters that do not look like Latin ones.</param>
internal sealed record TextFacts(bool HasLatin, IReadOnlySet<Script> Distinct)
{
    public static TextFacts Of(string text)
    {
        var (hasLatin, distinct) = (false, new HashSet<Script>());
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii)
            {
                hasLatin |= Rune.IsLetter(rune);
            }
            else if (Rune.IsLetter(rune))
            {
                var script = Script.Of(rune.Value);
                hasLatin |= script == Script.Latin;
                if (!LookAlikes.IsLikeLatin(rune.Value))
                {
                    distinct.Add(script);
                }
            }
        }

        return new(hasLatin, distinct);
    }
}
