using System.IO.Compression;
using System.Xml.Linq;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.EndToEndTests.Support;

/// <summary>
/// The packages of this build, in a temporary folder with applications that restore them. Their version exists nowhere else, and
/// they are unpacked into that folder, so nothing is left in the machine's own caches.
/// </summary>
internal sealed class PackedPackages : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thoth-packages-");

    /// <summary>.../bin/Debug/net10.0</summary>
    private static readonly string s_configuration =
        new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Parent!.Name;

    private PackedPackages()
    {
    }

    /// <summary>Gets the projects that are packed.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    public static string Version { get; } = $"99.0.0-test{Guid.NewGuid():N}"[..20];

    public string Folder => _folder.FullName;

    private string Source => Path.Combine(Folder, "source");

    /// <summary>Packs what the build has made.</summary>
    public static async Task<PackedPackages> PackAsync()
    {
        var packages = new PackedPackages();
        try
        {
            packages.Write("pack.proj", $"""
                <Project>
                  <Target Name="Pack">
                    <MSBuild Projects="{string.Join(';', Projects)}" Targets="Pack" BuildInParallel="false"
                        Properties="NoBuild=true;Configuration={s_configuration};PackageVersion={Version};PackageOutputPath={packages.Source}/" />
                  </Target>
                </Project>
                """);
            packages.Write("nuget.config", """
                <configuration>
                  <packageSources>
                    <add key="packed" value="source" />
                  </packageSources>
                </configuration>
                """);
            var own = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
            packages.Write("Directory.Build.props", $"""
                <Project>
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                    <ImplicitUsings>enable</ImplicitUsings>
                    <Nullable>enable</Nullable>
                    <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                    <WarningsNotAsErrors>NU1603</WarningsNotAsErrors>
                    <UseSharedCompilation>false</UseSharedCompilation>
                    <ThothVersion>{Version}</ThothVersion>
                    <RestorePackagesPath>{packages.Folder}/unpacked</RestorePackagesPath>
                    <RestoreFallbackFolders>{own}</RestoreFallbackFolders>
                  </PropertyGroup>
                </Project>
                """);
            await packages.RunAsync("", "dotnet msbuild pack.proj -t:Pack -v:q -nologo -m:1");
            return packages;
        }
        catch
        {
            packages.Dispose();
            throw;
        }
    }

    /// <summary>Copies an application into a folder of its own, by default one of its name.</summary>
    public void Add(string application, string? folder = null)
    {
        var from = Path.Combine(Repository.Root, "test", "Thoth.Interception.EndToEndTests", "Packages", "Applications", application);
        var to = Directory.CreateDirectory(Path.Combine(Folder, folder ?? application)).FullName;
        foreach (var file in Directory.EnumerateFiles(from))
        {
            // The suffix keeps the repository's own build and format from taking them for its own.
            File.Copy(file, Path.Combine(to, Path.GetFileName(file).Replace(".txt", "", StringComparison.Ordinal)));
        }
    }

    /// <summary>Runs a command, which must end with 0 unless another code is expected.</summary>
    /// <returns>What it wrote.</returns>
    public async Task<string> RunAsync(string folder, string command, int expected = 0)
    {
        await using var process = ReaderProcess.Start(
            Path.Combine(Folder, folder), command, ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1"), ("MSBUILDDISABLENODEREUSE", "1"));
        var (code, output) = await process.EndAsync();
        Assert.That(code, Is.EqualTo(expected), $"{command}\n{output}");
        return output;
    }

    /// <summary>Reads the nuspec of a package.</summary>
    public XElement Nuspec(string id)
    {
        using var archive = Open(id);
        using var nuspec = archive.GetEntry($"{id}.nuspec")!.Open();
        var root = XElement.Load(nuspec);
        foreach (var element in root.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return root;
    }

    /// <summary>Reads a file of a package.</summary>
    /// <returns>The bytes; <see langword="null"/> if the package has no such file.</returns>
    public byte[]? FileOf(string id, string name)
    {
        using var archive = Open(id);
        if (archive.GetEntry(name) is not { } entry)
        {
            return null;
        }

        using var stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ZipArchive Open(string id) => ZipFile.OpenRead(Path.Combine(Source, $"{id}.{Version}.nupkg"));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);
}
