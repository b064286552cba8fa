using System.Text;
using System.Text.Encodings.Web;

namespace Thoth.Enforcer.Page.Text;

/// <summary>
/// The only way by which text gets onto a page. Callers choose most of that text, and a person decides by it: it is escaped, kept
/// apart from the text around it, and shows a mark in place of each character that hides, turns or imitates other text.
/// </summary>
internal static class OutsideText
{
    /// <summary>Appends a text as the content of an element.</summary>
    public static void Write(StringBuilder markup, string text)
    {
        if (IsPlain(text))
        {
            markup.Append(HtmlEncoder.Default.Encode(text));
            return;
        }

        markup.Append("<bdi class=\"outside\" dir=\"ltr\">");
        foreach (var part in TextScanner.Scan(text).Parts)
        {
            Write(markup, part);
        }

        markup.Append("</bdi>");
    }

    /// <summary>Gets a text for an attribute, a title or an option, which have no markup.</summary>
    public static string Plain(string text) => IsPlain(text)
        ? text
        : string.Concat(TextScanner.Scan(text).Parts.Select(static part =>
            part.Kind is TextPartKind.Text or TextPartKind.RightToLeft ? part.Text : $"⟨{part.Text}⟩"));

    /// <summary>Whether a text has characters that hide, turn or imitate others.</summary>
    public static bool IsSuspicious(string text) =>
        !IsPlain(text) && TextScanner.Scan(text).Parts.Any(static part => part.Kind == TextPartKind.Warning);

    /// <summary>Whether a text has a mark of any kind. In a name even a space at its end is one too many.</summary>
    public static bool HasMarks(string text) => !IsPlain(text)
        && TextScanner.Scan(text).Parts.Any(static part => part.Kind is TextPartKind.Warning or TextPartKind.Mark);

    /// <summary>Cuts a text to the part that shows at most about a number of characters.</summary>
    /// <returns>The part, and the number of characters that it shows.</returns>
    public static (string Text, int Shown) Cut(string text, int limit)
    {
        if (text.Length <= limit && IsPlain(text))
        {
            return (text, text.Length);
        }

        var (_, shown, read) = TextScanner.Scan(text, Math.Max(1, limit));
        return (text[..read], shown);
    }

    private static void Write(StringBuilder markup, TextPart part)
    {
        var encoded = HtmlEncoder.Default.Encode(part.Text);
        _ = part.Kind switch
        {
            TextPartKind.Text => markup.Append(encoded),
            TextPartKind.RightToLeft => markup.Append("<bdi dir=\"rtl\">").Append(encoded).Append("</bdi>"),
            _ => markup.Append("<bdi class=\"").Append(part.Kind == TextPartKind.Warning ? "odd" : "common").Append("\" dir=\"ltr\" title=\"")
                .Append(HtmlEncoder.Default.Encode(part.Why)).Append("\">⟨").Append(encoded).Append("⟩</bdi>"),
        };
    }

    /// <summary>Whether a text consists of visible ASCII characters and single spaces, with none at its ends.</summary>
    private static bool IsPlain(string text)
    {
        var before = ' ';
        var equal = 0;
        foreach (var c in text)
        {
            equal = c == before ? equal + 1 : 0;
            if (c is < ' ' or > '~' || equal == 24 || (c == ' ' && before == ' '))
            {
                return false;
            }

            before = c;
        }

        return text.Length == 0 || before != ' ';
    }
}
