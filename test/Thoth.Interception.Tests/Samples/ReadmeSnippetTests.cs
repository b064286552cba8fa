using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.LocalPolicy.Loading;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Samples;

/// <summary>Checks that the C# code of README.md, docs/*.md and the packages' pages compiles: each block is found in a sample, line by line.</summary>
public class ReadmeSnippetTests
{
    private static string Readme => Path.Combine(Repository.Root, "README.md");

    public static IEnumerable<TestCaseData> CSharpBlocks() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
            .Concat(Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(package => Path.Combine(package, "README.md")).Where(File.Exists))
            .Order().Prepend(Readme).SelectMany(page => Cases(page, "csharp"));

    public static IEnumerable<TestCaseData> ConfigurationBlocks() => Cases(Readme, "json").Where(block => RootHas(block, "Thoth"));

    public static IEnumerable<TestCaseData> PolicyBlocks() => Cases(Readme, "json").Where(block => RootHas(block, "rules"));

    [TestCaseSource(nameof(CSharpBlocks))]
    public void CSharpBlock_OfAPage_IsPartOfACompiledSample(string block)
    {
        var wanted = Lines(block);

        Assert.That(wanted, Is.Not.Empty);
        var missing = wanted.Except(SampleFiles().SelectMany(file => file)).ToList();
        Assert.That(
            SampleFiles().Any(file => Holds(file, wanted)),
            Is.True,
            missing.Count > 0
                ? $"No sample has: {string.Join(" / ", missing)}"
                : "No sample has these lines one after the other.");
    }

    [TestCaseSource(nameof(ConfigurationBlocks))]
    public void ConfigurationBlock_InTheReadme_IsValidConfiguration(string block)
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(block));
        var configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        var services = new ServiceCollection().AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(configuration).UseLocalPolicy(configuration);
        using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IOptions<ThothOptions>>().Value, Throws.Nothing);
    }

    [TestCaseSource(nameof(PolicyBlocks))]
    public void PolicyBlock_InTheReadme_IsAPolicy(string block) =>
        Assert.That(() => PolicyLoader.Load("README.md", System.Text.Encoding.UTF8.GetBytes(block)), Throws.Nothing);

    [Test]
    public void Holds_LinesThatAreApartOrOutOfOrder_IsFalse()
    {
        string[] file = ["a", "b", "c", "d"];

        Assert.That(Holds(file, ["b", "c"]), Is.True);
        Assert.That(Holds(file, ["b", "d"]), Is.False);
        Assert.That(Holds(file, ["c", "b"]), Is.False);
        Assert.That(Holds(file, ["d", "e"]), Is.False);
    }

    private static IEnumerable<TestCaseData> Cases(string page, string language)
    {
        var lines = File.ReadAllLines(page);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() == $"```{language}")
            {
                var start = i + 1;
                var end = Array.FindIndex(lines, start, line => line.Trim() == "```");
                var name = $"{Path.GetRelativePath(Repository.Root, page)} line {start}";
                Assert.That(end, Is.GreaterThan(0), $"{name}: the block has no end.");
                yield return new TestCaseData(string.Join('\n', lines[start..end])).SetArgDisplayNames(name);
                i = end;
            }
        }
    }

    private static bool RootHas(TestCaseData block, string key)
    {
        using var json = JsonDocument.Parse((string)block.Arguments[0]!);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(key, out _);
    }

    /// <summary>The samples, and the tests of samples: a page may show how something is tested.</summary>
    private static IEnumerable<string[]> SampleFiles() =>
        Repository.Sources("samples").Concat(Repository.Sources("test/Thoth.Interception.Tests/Samples"))
            .Where(file => Path.GetFileName(file) != "ReadmeSnippetTests.cs")
            .Select(file => Lines(File.ReadAllText(file)));

    /// <summary>Trimmed, because a snippet stands in a method; without blank lines, which some editors pad.</summary>
    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool Holds(string[] file, string[] wanted) =>
        Enumerable.Range(0, Math.Max(0, file.Length - wanted.Length + 1)).Any(start => file.AsSpan(start, wanted.Length).SequenceEqual(wanted));
}
