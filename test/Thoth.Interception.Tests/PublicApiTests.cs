using System.Reflection;
using PublicApiGenerator;
using Thoth.Interception.Tests.Architecture;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests;

/// <summary>
/// The public surface of each package is written down beside this file: a change of it is seen in review. To accept one,
/// copy the text that the test wrote beside its own assembly over the file.
/// </summary>
public class PublicApiTests
{
    private static readonly Assembly[] s_packages = ProjectAssemblies.All;

    [TestCaseSource(nameof(s_packages))]
    public void PublicSurface_IsTheApprovedOne(Assembly package)
    {
        var name = $"{package.GetName().Name}.api.txt";

        // The generator leaves Microsoft's namespaces out by default; our extension methods live in one of them.
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] };
        var actual = package.GeneratePublicApi(options).ReplaceLineEndings("\n") + "\n";
        var received = Path.Combine(TestContext.CurrentContext.WorkDirectory, name.Replace(".txt", ".received.txt"));
        File.WriteAllText(received, actual);

        var approved = File.ReadAllText(Path.Combine(Repository.Root, "test", "Thoth.Interception.Tests", name));

        Assert.That(actual, Is.EqualTo(approved), $"The public surface changed: review it, and copy {received} over {name}.");
    }
}
