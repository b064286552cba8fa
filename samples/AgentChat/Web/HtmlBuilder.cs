using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace AgentChat.Web;

/// <summary>
/// Handles the interpolated strings of <see cref="Html.Of"/>. Each text is encoded, and characters that hide or turn others around are
/// shown by their code. A value of another type does not compile.
/// </summary>
[InterpolatedStringHandler]
internal sealed class HtmlBuilder(int literalLength, int formattedCount)
{
    private readonly StringBuilder _markup = new(literalLength + (formattedCount * 32));

    public void AppendLiteral(string markup) => _markup.Append(markup);

    public void AppendFormatted(Html? markup) => _markup.Append(markup);

    public void AppendFormatted(IEnumerable<Html> parts) => _markup.AppendJoin("", parts);

    public void AppendFormatted(string? text) => _markup.Append(HtmlEncoder.Default.Encode(Visible(text ?? "")));

    public void AppendFormatted(long number) => _markup.Append(number.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _markup.ToString();

    private static string Visible(string text)
    {
        if (!text.EnumerateRunes().Any(IsHidden))
        {
            return text;
        }

        var visible = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            _ = IsHidden(rune) ? visible.Append(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩") : visible.Append(rune.ToString());
        }

        return visible.ToString();
    }

    private static bool IsHidden(Rune rune) => rune.Value is not ('\n' or '\t') && Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
