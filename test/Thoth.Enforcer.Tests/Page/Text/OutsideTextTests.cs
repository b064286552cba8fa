using System.Text;
using Thoth.Enforcer.Page.Text;

namespace Thoth.Enforcer.Tests.Page.Text;

public class OutsideTextTests
{
    [TestCase("refund_\u202Ednufer_evila", "refund_⟨U+202E⟩dnufer_evila", TestName = "override")]
    [TestCase("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩", TestName = "isolates")]
    [TestCase("a\u200Fb\u061Cc", "a⟨U+200F⟩b⟨U+061C⟩c", TestName = "direction marks")]
    [TestCase("u\u200Bser", "u⟨U+200B⟩ser", TestName = "zero-width space")]
    [TestCase("u\u200Dse\u2060r\uFEFF", "u⟨U+200D⟩se⟨U+2060⟩r⟨U+FEFF⟩", TestName = "joiners")]
    [TestCase("re\u00ADfund", "re⟨U+00AD⟩fund", TestName = "soft hyphen")]
    [TestCase("ok\U000E0041\U000E0042\U000E0043\U000E0044\U000E0045\U000E0046", "ok⟨U+E0041 U+E0042 U+E0043 U+E0044 and 2 more⟩", TestName = "tags")]
    [TestCase("a\uFE0Fb\U000E0100", "a⟨U+FE0F⟩b⟨U+E0100⟩", TestName = "variation selectors")]
    [TestCase("a\u3164b\u2800c\u115Fd", "a⟨U+3164⟩b⟨U+2800⟩c⟨U+115F⟩d", TestName = "blank letters")]
    [TestCase("a\u0000b\u001Bc\u007Fd\u0085e", "a⟨U+0000⟩b⟨U+001B⟩c⟨U+007F⟩d⟨U+0085⟩e", TestName = "controls")]
    [TestCase("a\nb\r\nc\td", "a⟨LF⟩b⟨CR⟩⟨LF⟩c⟨TAB⟩d", TestName = "line ends")]
    [TestCase("a\u00A0b\u3000c\u2003d", "a⟨U+00A0⟩b⟨U+3000⟩c⟨U+2003⟩d", TestName = "spaces")]
    [TestCase("a\u2028b\u2029", "a⟨U+2028⟩b⟨U+2029⟩", TestName = "separators")]
    [TestCase("refund ", "refund⟨space⟩", TestName = "space at the end")]
    [TestCase("\uFFFD\uFFFC", "⟨U+FFFD U+FFFC⟩", TestName = "stand-ins")]
    [TestCase("a\u0378b\uE000c\uFFFEd", "a⟨U+0378⟩b⟨U+E000⟩c⟨U+FFFE⟩d", TestName = "not assigned and private")]
    [TestCase("o\u0301\u0302\u0303\u0304k", "o⟨4 combining marks⟩k", TestName = "pile of marks")]
    [TestCase("\u0301ok", "⟨U+0301⟩ok", TestName = "mark without a letter")]
    [TestCase("de\u0336ny", "de⟨U+0336⟩ny", TestName = "struck through")]
    [TestCase("s\u0435nd_mail", "s⟨Cyrillic \u0435⟩nd_mail", TestName = "Cyrillic letter")]
    [TestCase("send_m\u0430il", "send_m⟨Cyrillic \u0430⟩il", TestName = "Cyrillic letter in the second word")]
    [TestCase("\u0440\u0430\u0443_invoice", "⟨Cyrillic \u0440\u0430\u0443⟩_invoice", TestName = "Cyrillic word among Latin ones")]
    [TestCase("\u0440\u0430\u0443", "⟨Cyrillic \u0440\u0430\u0443⟩", TestName = "Cyrillic word alone")]
    [TestCase("\u03BFpen", "⟨Greek \u03BF⟩pen", TestName = "Greek letter")]
    [TestCase("b\u0585t", "b⟨Armenian \u0585⟩t", TestName = "Armenian letter")]
    [TestCase("\u13AAALL", "⟨Cherokee \u13AA⟩ALL", TestName = "Cherokee letter")]
    [TestCase("\uA4D0\uA4F2\uA4D0", "⟨Lisu \uA4D0\uA4F2\uA4D0⟩", TestName = "Lisu word")]
    [TestCase("\uFF50\uFF41\uFF59", "⟨fullwidth \uFF50\uFF41\uFF59⟩", TestName = "fullwidth")]
    [TestCase("\U0001D429\U0001D41A\U0001D432", "⟨mathematical \U0001D429\U0001D41A\U0001D432⟩", TestName = "mathematical letters")]
    [TestCase("\u0261o", "⟨rare Latin \u0261⟩o", TestName = "phonetic letter")]
    [TestCase("rm\u2215tmp", "rm⟨U+2215 \u2215⟩tmp", TestName = "slash of another kind")]
    [TestCase("a\uFF0Fb", "a⟨U+FF0F \uFF0F⟩b", TestName = "fullwidth slash")]
    [TestCase("\u09EA\u09E6\u09E6", "⟨\u09EA\u09E6\u09E6 = 400⟩", TestName = "digits that look like others")]
    [TestCase("re\u53E3und", "re⟨East Asian \u53E3⟩und", TestName = "East Asian stroke")]
    [TestCase("1\u20D20", "1⟨U+20D2⟩0", TestName = "line drawn over a digit")]
    [TestCase("pay\u20E5", "pay⟨U+20E5⟩", TestName = "slash drawn over a letter")]
    [TestCase("pai\u0307d", "pai⟨U+0307⟩d", TestName = "second dot")]
    [TestCase("pay\u1039ment", "pay⟨Myanmar \u1039⟩ment", TestName = "mark of another script")]
    [TestCase("10\u10390", "10⟨Myanmar \u1039⟩0", TestName = "mark of a script on a digit")]
    [TestCase("pay\u2D7Fment", "pay⟨another script \u2D7F⟩ment", TestName = "joiner of another script")]
    [TestCase("evil\U0001D16Dcom", "evil⟨another script \U0001D16D⟩com", TestName = "dot of music")]
    [TestCase("evil-\U0001D16Dcom", "evil-⟨U+1D16D⟩com", TestName = "dot of music without a letter")]
    [TestCase("\u0133sbeer", "⟨rare Latin \u0133⟩sbeer", TestName = "two letters in one")]
    [TestCase("\u01F3\u017F", "⟨rare Latin \u01F3\u017F⟩", TestName = "letter that looks like two or another")]
    [TestCase("\u248850", "⟨U+2488 \u2488⟩50", TestName = "number with a full stop")]
    [TestCase("\u24A9", "⟨U+24A9 \u24A9⟩", TestName = "letter in parentheses")]
    [TestCase("\U0001F101\U0001F100", "⟨U+1F101 \U0001F101 U+1F100 \U0001F100⟩", TestName = "digit with a comma")]
    [TestCase("a\u31D3b\u2F02c", "a⟨U+31D3 \u31D3⟩b⟨U+2F02 \u2F02⟩c", TestName = "strokes and radicals")]
    [TestCase("a\U0001D23Ab\u1735c", "a⟨U+1D23A \U0001D23A⟩b⟨U+1735 \u1735⟩c", TestName = "slashes of music and of Hanunoo")]
    [TestCase("x\u02C2y\u276Ez", "x⟨U+02C2 \u02C2⟩y⟨U+276E \u276E⟩z", TestName = "arrow heads")]
    [TestCase("a\u205Ab\u0703c", "a⟨U+205A \u205A⟩b⟨U+0703 \u0703⟩c", TestName = "colons of another kind")]
    [TestCase("a⟨LF⟩b", "a⟨U+27E8⟩LF⟨U+27E9⟩b", TestName = "brackets of marks")]
    public void Plain_CharacterThatMisleads_IsAMark(string text, string shown) => Assert.That(OutsideText.Plain(text), Is.EqualTo(shown));

    [Test]
    public void Plain_HalfPairs_AreMarks() => Assert.That(OutsideText.Plain($"{'\uD800'}a{'\uDC00'}"), Is.EqualTo("⟨U+D800⟩a⟨U+DC00⟩"));

    [TestCase("refund_order-2 (EU)")]
    [TestCase("Jos\u00E9 Mu\u00F1oz, Stra\u00DFe, \u0141\u00F3d\u017A, \u01A0\u01B0, Nguy\u1EC5n")]
    [TestCase("\u0412\u0435\u0440\u043D\u0443\u0442\u044C \u043E\u043F\u043B\u0430\u0442\u0443 \u0443 \u043D\u0430\u0441 \u0432 CRM")]
    [TestCase("\u0392\u03B1\u03C3\u03B9\u03BB\u03B9\u03BA\u03AE \u03BF\u03B4\u03CC\u03C2")]
    [TestCase("\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD 500")]
    [TestCase("\u652F\u6255API\u63A5\u53E3 \u30C6\u30B9\u30C8\u3092\u5B9F\u884C \uD55C\uAD6D\uC5B4")]
    [TestCase("\u0928\u092E\u0938\u094D\u0924\u0947 \u0E2A\u0E27\u0E31\u0E2A\u0E14\u0E35")]
    [TestCase("5 \u20AC \u2014 \u201Cfine\u201D \U0001F600 \u00B1 \u2026")]
    [TestCase("e\u0301 o\u0302\u0301")]
    [TestCase("\u05E9\u05C1\u05B8\u05DC\u05D5\u05B9\u05DD \u0645\u064E\u0631\u0652\u062D\u064E\u0628\u0627")]
    [TestCase("\u1019\u103C\u1014\u103A\u1019\u102C \u1797\u17B6\u179F\u17B6\u1781\u17D2\u1798\u17C2\u179A \u0BA4\u0BAE\u0BBF\u0BB4\u0BCD \u0F56\u0F7C\u0F51")]
    [TestCase("\u304B\u3099 \u0438\u0306 x\u0307")]
    public void Plain_TextOfAnyLanguage_IsAsItIs(string text)
    {
        Assert.That(OutsideText.Plain(text), Is.EqualTo(text));
        Assert.That(OutsideText.IsSuspicious(text), Is.False);
    }

    [Test]
    public void Plain_Padding_IsCountedInOnePlace()
    {
        Assert.That(OutsideText.Plain($"ls{new string(' ', 3_900)}; rm"), Is.EqualTo("ls⟨3,900 spaces⟩; rm"));
        Assert.That(OutsideText.Plain($"ls{new string('\n', 3_900)}rm"), Is.EqualTo("ls⟨3,900 × LF⟩rm"));
        Assert.That(OutsideText.Plain($"{new string('.', 4_000)}rm"), Is.EqualTo("⟨4,000 × .⟩rm"));
        Assert.That(OutsideText.Plain($"a{new string('\u200B', 4_000)}b"), Is.EqualTo("a⟨U+200B U+200B U+200B U+200B and 3,996 more⟩b"));
        Assert.That(OutsideText.Plain($"a{new string('\u0301', 4_000)}b"), Has.Length.LessThan(1_000).And.Contains("combining marks"));
    }

    [TestCase("x\u202Ey", true)]
    [TestCase("s\u0435nd", true)]
    [TestCase("line\nline", false)]
    public void IsSuspicious_OfAText_IsWhetherItMisleads(string text, bool expected) => Assert.That(OutsideText.IsSuspicious(text), Is.EqualTo(expected));

    [Test]
    public void Write_WordsFromRightToLeft_AreIsolatedFromDigitsAndLatin()
    {
        var markup = new StringBuilder();

        OutsideText.Write(markup, "to \u05D0\u05D1 \u05D2, 500");

        Assert.That(WebUtility.HtmlDecode(markup.ToString()), Is.EqualTo(
            "<bdi class=\"outside\" dir=\"ltr\">to <bdi dir=\"rtl\">\u05D0\u05D1 \u05D2</bdi>, 500</bdi>"));
    }

    [Test]
    public void Write_Markup_IsText()
    {
        var markup = new StringBuilder();

        OutsideText.Write(markup, "<b>\u202E\"'&");

        Assert.That(markup.ToString(), Does.Contain("&lt;b&gt;").And.Contain("&quot;&#x27;&amp;").And.Not.Contain("<b>"));
    }

    [Test]
    public void Plain_EveryCodePoint_IsShownOrMarked()
    {
        for (var i = 0; i <= 0x10FFFF; i++)
        {
            var text = i is >= 0xD800 and <= 0xDFFF ? $"a{(char)i}b" : $"a{char.ConvertFromUtf32(i)}b";
            var shown = OutsideText.Plain(text);
            var isInvisible = i is >= 0xD800 and <= 0xDFFF
                || Rune.GetUnicodeCategory(new Rune(i is >= 0xD800 and <= 0xDFFF ? 'a' : i)) is System.Globalization.UnicodeCategory.Control
                    or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.PrivateUse
                    or System.Globalization.UnicodeCategory.OtherNotAssigned or System.Globalization.UnicodeCategory.LineSeparator
                    or System.Globalization.UnicodeCategory.ParagraphSeparator
                || (char.IsWhiteSpace(text, 1) && i != ' ');
            Assert.That(isInvisible && shown.Contains(text[1..^1], StringComparison.Ordinal), Is.False, $"U+{i:X4}");
            Assert.That(shown == text || shown.Contains('⟨'), $"U+{i:X4}");
        }
    }

    [Test]
    public void Cut_LongText_KeepsWholeCharacters()
    {
        var (text, shown) = OutsideText.Cut(string.Concat(Enumerable.Repeat("ab \U0001F600", 1_000)), 100);

        Assert.That(text, Has.Length.LessThan(200).And.Length.EqualTo(shown));
        Assert.That(char.IsHighSurrogate(text[^1]), Is.False);
    }
}
