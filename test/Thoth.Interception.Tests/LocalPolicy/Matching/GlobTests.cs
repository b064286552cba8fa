using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.Tests.LocalPolicy.Matching;

public sealed class GlobTests
{
    [TestCase("read", "read", true)]
    [TestCase("read", "Read", false)]
    [TestCase("read", "read_docs", false)]
    [TestCase("read", "bread", false)]
    [TestCase("*", "", true)]
    [TestCase("*", "anything", true)]
    [TestCase("?", "", false)]
    [TestCase("?", "a", true)]
    [TestCase("read_*", "read_", true)]
    [TestCase("read_*", "read_docs", true)]
    [TestCase("read_*", "unread_docs", false)]
    [TestCase("*_docs", "read_docs", true)]
    [TestCase("*_docs", "read_docs2", false)]
    [TestCase("r?ad", "read", true)]
    [TestCase("r?ad", "rad", false)]
    [TestCase("a*b*c", "axxbyybzc", true)]
    [TestCase("a*b*c", "axxbyybz", false)]
    [TestCase("*a?c*", "xxabcxx", true)]
    [TestCase("a**", "a", true)]
    [TestCase("a.c", "abc", false)]
    [TestCase("?", "😀", true)]
    [TestCase("??", "😀", false)]
    [TestCase("a?b", "a😀b", true)]
    [TestCase("*?", "😀", true)]
    [TestCase("*??", "😀", false)]
    [TestCase("?*?", "😀", false)]
    [TestCase("*?b", "😀b", true)]
    [TestCase("*?b", "b", false)]
    [TestCase("*😀?", "😀😀😁", true)]
    [TestCase("😀*", "😁", false)]
    [TestCase("?", "e\u0301", false, Description = "two scalars of one grapheme")]
    public void IsMatch_Pattern_MatchesTheWholeString(string pattern, string text, bool expected) =>
        Assert.That(new Glob(pattern).IsMatch(text), Is.EqualTo(expected));

    [Test]
    public void IsMatch_HalvesWithoutAPartner_CountOneEach()
    {
        // Not test cases: an attribute cannot hold half of a surrogate pair.
        using (Assert.EnterMultipleScope())
        {
            Assert.That(new Glob("??").IsMatch("\ude00\ud83d"), Is.True);
            Assert.That(new Glob("?").IsMatch("\ude00\ud83d"), Is.False);
            Assert.That(new Glob("*?").IsMatch("\ud83d"), Is.True);
        }
    }

    [Test]
    [CancelAfter(10_000)]
    public void IsMatch_ManyWildcards_StaysFast()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 50)) + "b";

        Assert.That(new Glob(pattern).IsMatch(new string('a', 5_000)), Is.False);
    }
}
