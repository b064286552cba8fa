using Thoth.Interception.Serialization;

namespace Thoth.Interception.Tests.Serialization;

public class SafeTextTests
{
    [TestCase("plain 'text' with \"all\" ~ of ASCII \\ /")]
    [TestCase("Grüße, 日本語, שלום, 😀👍🏽")]
    [TestCase("")]
    [TestCase(null)]
    public void Of_TextThatIsSafe_IsTheSameInstance(string? text) => Assert.That(SafeText.Of(text), Is.SameAs(text));

    [TestCase("a\r\nb\tc", "a  b c")]
    [TestCase("\u001b[2J", "\\u001b[2J")]
    [TestCase("\0\u0007\u007f\u0085\u009b", "\\u0000\\u0007\\u007f\\u0085\\u009b")]
    [TestCase("a\u202eb\u2066\u200f\u061c", "a\\u202eb\\u2066\\u200f\\u061c")]
    [TestCase("a\u200bb\u200d\ufeff\u00ad\u2028\u2029", "a\\u200bb\\u200d\\ufeff\\u00ad\\u2028\\u2029")]
    [TestCase("\ufffd", "\ufffd")]
    [TestCase("\U000e0041", "\\udb40\\udc41")]
    [TestCase("\ue000", "\\ue000")]
    public void Of_TextWithInvisibleCharacters_ShowsThem(string text, string expected) => Assert.That(SafeText.Of(text), Is.EqualTo(expected));

    [Test]
    public void Of_HalfOfASurrogatePair_ShowsIt() => Assert.That(SafeText.Of("\ud800a\udc00"), Is.EqualTo("\\ud800a\\udc00"));

    [TestCase("a")]
    [TestCase("é")]
    [TestCase("\u202e")]
    [TestCase("😀")]
    [TestCase("\n")]
    public void Of_LongText_IsCut(string part)
    {
        var cut = SafeText.Of(string.Concat(Enumerable.Repeat(part, 1_000_000)));

        Assert.That(cut, Has.Length.InRange(SafeText.MaxLength - 6, SafeText.MaxLength).And.EndsWith("…"));
        Assert.That(cut.EnumerateRunes(), Has.None.EqualTo(System.Text.Rune.ReplacementChar), "no pair is cut in two");
    }

    [Test]
    public void Of_TextOfTheLongestLength_IsNotCut()
    {
        var text = new string('é', SafeText.MaxLength);

        Assert.That(SafeText.Of(text), Is.EqualTo(text));
        Assert.That(SafeText.Of(text + "é"), Has.Length.EqualTo(SafeText.MaxLength).And.EndsWith("é…"));
    }
}
