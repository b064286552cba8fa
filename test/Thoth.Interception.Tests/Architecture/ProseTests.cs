using System.Text.RegularExpressions;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Architecture;

/// <summary>
/// Comments, documentation and messages keep to plain English: short sentences, the field's words. The words below were the
/// private dialect of an earlier version; this test keeps them out.
/// </summary>
public partial class ProseTests
{
    /// <summary>Lines that may hold such a word, each with its reason.</summary>
    private static readonly Dictionary<string, string> s_exceptions = new(StringComparer.Ordinal)
    {
    };

    public static IEnumerable<TestCaseData> Patterns =>
    [
        new TestCaseData(Nobody()).SetArgDisplayNames("nobody"),
        new TestCaseData(Whoever()).SetArgDisplayNames("whoever"),
        new TestCaseData(IsNo()).SetArgDisplayNames("is no, are no"),
        new TestCaseData(ForEver()).SetArgDisplayNames("for ever"),
        new TestCaseData(BeIt()).SetArgDisplayNames("be it"),
        new TestCaseData(SummaryWhat()).SetArgDisplayNames("<summary>What"),
    ];

    [TestCaseSource(nameof(Patterns))]
    public void Texts_KeepToPlainEnglish(Regex pattern)
    {
        var found =
            from file in Texts()
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where pattern.IsMatch(line.Text) && !s_exceptions.ContainsKey(line.Text.Trim())
            select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Number}: {line.Text.Trim()}";

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Exception_StillStandsInATextThatNeedsIt()
    {
        var lines = Texts().SelectMany(File.ReadLines).Select(line => line.Trim()).ToHashSet(StringComparer.Ordinal);

        Assert.That(s_exceptions.Keys, Is.SubsetOf(lines));
    }

    private static IEnumerable<string> Texts() =>
        Repository.Sources("src").Concat(Repository.Sources("samples"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Append(Path.Combine(Repository.Root, "README.md"));

    [GeneratedRegex(@"\bnobody\b", RegexOptions.IgnoreCase)]
    private static partial Regex Nobody();

    [GeneratedRegex(@"\bwhoever\b", RegexOptions.IgnoreCase)]
    private static partial Regex Whoever();

    [GeneratedRegex(@"\b(is|are) no\b(?! longer)", RegexOptions.IgnoreCase)]
    private static partial Regex IsNo();

    [GeneratedRegex(@"\bfor ever\b", RegexOptions.IgnoreCase)]
    private static partial Regex ForEver();

    [GeneratedRegex(@"\bbe it\b", RegexOptions.IgnoreCase)]
    private static partial Regex BeIt();

    // The summary may begin on the line after its tag.
    [GeneratedRegex(@"(<summary>|^\s*///\s+)What\b")]
    private static partial Regex SummaryWhat();
}
