using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Thoth.Interception.EndToEndTests.Support;

namespace Thoth.Interception.EndToEndTests.Packages;

/// <summary>What the packages ask of the application that uses them, and that such applications restore, build, publish and run.</summary>
[Platform(Exclude = "Win", Reason = "The commands are for a POSIX shell.")]
public partial class PackageTests
{
    private const string Build = "-v:q -nologo -m:1";

    /// <summary>The packages that ask for more, because what they adapt does.</summary>
    private static readonly string[] s_adapters = ["Microsoft.Extensions.AI"];

    private static PackedPackages? s_packages;

    private static PackedPackages Packages => s_packages!;

    private static IEnumerable<string> All => PackedPackages.Projects.Select(Path.GetFileNameWithoutExtension)!;

    private static IEnumerable<string> Libraries => All.Where(static id => id != "Thoth.Enforcer");

    [OneTimeSetUp]
    public static async Task PackAsync() => s_packages = await PackedPackages.PackAsync();

    [OneTimeTearDown]
    public static void DeletePackages() => s_packages?.Dispose();

    [TestCaseSource(nameof(Libraries))]
    public void Dependencies_OfAPackage_AreTheLowestVersions(string id)
    {
        var extensions = Dependencies(id).Where(static dependency => Id(dependency).StartsWith("Microsoft.Extensions.", StringComparison.Ordinal))
            .Where(static dependency => !s_adapters.Contains(Id(dependency)));

        Assert.That(extensions.Select(static dependency => (string?)dependency.Attribute("version")), Is.All.EqualTo("10.0.0"));
    }

    [TestCaseSource(nameof(All))]
    public void Page_OfAPackage_IsItsOwn_WithoutLinksIntoTheRepository_AndWithAnIcon(string id)
    {
        var nuspec = Packages.Nuspec(id);
        var page = Encoding.UTF8.GetString(Packages.FileOf(id, nuspec.Descendants("readme").Single().Value)!);
        var icon = Packages.FileOf(id, nuspec.Descendants("icon").Single().Value)!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page, Does.StartWith($"# {id}\n"));
            Assert.That(Links().Matches(page).Select(static link => link.Groups["target"].Value), Has.All.StartsWith("https://"));
            Assert.That(icon[..4], Is.EqualTo(new byte[] { 0x89, 0x50, 0x4E, 0x47 }), "PNG");
            Assert.That(icon, Has.Length.LessThan(1 << 20), "the limit of the registry");
            Assert.That(nuspec.Descendants("description").Single().Value, Is.Not.Empty);
        }
    }

    [Test]
    public void Dependencies_OfTheCore_KeepCastleAndScrutorOutOfTheCompilation()
    {
        var hidden = Dependencies("Thoth.Interception").Where(static dependency => Id(dependency) is "Castle.Core" or "Scrutor").ToList();

        Assert.That(hidden, Has.Count.EqualTo(2));
        Assert.That(hidden.Select(static dependency => (string?)dependency.Attribute("exclude")), Is.All.EqualTo("Compile,Build,Analyzers"));
        Assert.That(
            Libraries.Where(static id => id != "Thoth.Interception").SelectMany(Dependencies).Select(Id),
            Has.None.EqualTo("Castle.Core").And.None.EqualTo("Scrutor"));
    }

    [Test]
    public void Dependencies_OfTheWebPackage_AreTheCoreAndTheFramework()
    {
        Assert.That(Dependencies("Thoth.Interception.AspNetCore").Select(Id), Is.EqualTo(new[] { "Thoth.Interception" }));
        Assert.That(
            Packages.Nuspec("Thoth.Interception.AspNetCore").Descendants("frameworkReference").Select(static reference => (string?)reference.Attribute("name")),
            Is.EqualTo(new[] { "Microsoft.AspNetCore.App" }));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Application_ThatPinsTheFirstPatch_RestoresBuildsPublishesAndRuns_WithNamesOfScrutorAndCastle()
    {
        Packages.Add("Pinned");
        var policy = await File.ReadAllBytesAsync(Path.Combine(Packages.Folder, "Pinned", "thoth.policy.json"));

        await Packages.RunAsync("Pinned", $"dotnet publish -c Release -o published {Build}");
        var output = await Packages.RunAsync("source", "dotnet ../Pinned/published/Pinned.dll");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(3));
            Assert.That(output, Does.StartWith("ORDER A-1\nrefused: ").And.EndsWith("True\n"));
            Assert.That(Versions("Pinned").Where(static package => package.Id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                && package.Id != "Microsoft.Extensions.DependencyModel").Select(static package => package.Version), Is.All.EqualTo("10.0.0"));
            Assert.That(File.ReadAllBytes(Path.Combine(Packages.Folder, "Pinned", "published", "thoth.policy.json")), Is.EqualTo(policy));
            Assert.That(File.ReadAllBytes(Path.Combine(Packages.Folder, "Pinned", "bin", "Release", "net10.0", "thoth.policy.json")), Is.EqualTo(policy));
        }
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task WebApplication_WithAnotherVersionOfScrutor_UsesItsMethods_AndNoPackageOfTheFramework()
    {
        Packages.Add("Web");

        await Packages.RunAsync("Web", $"dotnet build {Build}");
        var output = await Packages.RunAsync("source", "dotnet ../Web/bin/Debug/net10.0/Web.dll");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(output, Does.Contain("ORDER A-1\n"));
            Assert.That(Versions("Web"), Does.Contain(("Scrutor", "6.1.0")));
            Assert.That(
                Versions("Web").Select(static package => package.Id).Where(static id => id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)),
                Is.SubsetOf(new[] { "Microsoft.Extensions.DependencyModel" }), "Scrutor asks for it, and the framework has none");
        }
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Application_ThatIsTrimmedOrCompiledAhead_IsWarnedWhereItGoverns()
    {
        Packages.Add("Pinned", "Trimmed");

        var output = await Packages.RunAsync("Trimmed", $"dotnet build -p:EnableTrimAnalyzer=true -p:EnableAotAnalyzer=true {Build}", expected: 1);

        using (Assert.EnterMultipleScope())
        {
            foreach (var member in (string[])["AddThoth(", "AddGovernedTools<"])
            {
                var lines = output.Split('\n').Where(line => line.Contains(member, StringComparison.Ordinal)).ToList();
                Assert.That(lines, Has.Some.Contains("error IL2026").And.Some.Contains("error IL3050"), member);
            }
        }
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Policy_OfAProjectThatSaysOtherwise_IsNotCopied()
    {
        Packages.Add("Pinned", "Uncopied");
        await Packages.RunAsync("Uncopied", "dotnet restore -v:q -nologo");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await CopiedAsync("-p:CopyThothPolicy=false"), Is.Empty);
            Assert.That(await CopiedAsync("-p:Own=Never"), Is.EqualTo("Never"), "what the project itself says");
        }

        async Task<string> CopiedAsync(string option)
        {
            using var items = JsonDocument.Parse(await Packages.RunAsync("Uncopied", $"dotnet msbuild -nologo -getItem:None {option}"));
            var policy = items.RootElement.GetProperty("Items").GetProperty("None").EnumerateArray()
                .Single(static item => item.GetProperty("Identity").ValueEquals("thoth.policy.json"));
            return policy.TryGetProperty("CopyToOutputDirectory", out var copied) ? copied.GetString()! : "";
        }
    }

    private static string Id(XElement dependency) => (string)dependency.Attribute("id")!;

    private static IEnumerable<XElement> Dependencies(string id) => Packages.Nuspec(id).Descendants("dependency");

    /// <summary>The packages that an application was restored with.</summary>
    private static List<(string Id, string Version)> Versions(string application)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(Packages.Folder, application, "obj", "project.assets.json")));
        return [.. assets.RootElement.GetProperty("libraries").EnumerateObject().Select(static library => library.Name.Split('/')).Select(static parts => (parts[0], parts[1]))];
    }

    [GeneratedRegex(@"\]\((?<target>[^)]+)\)")]
    private static partial Regex Links();
}
