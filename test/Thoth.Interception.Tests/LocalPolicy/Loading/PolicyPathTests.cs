using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Loading;

/// <summary>Checks what a reader is told about a path at which there is no policy file.</summary>
public sealed class PolicyPathTests
{
    [Test]
    public void Load_MissingFolder_SaysSo() => AssertError(
        folder => Path.Combine(folder, "none", "p.json"), "The folder of the policy file does not exist. Create it or correct the path.");

    [Test]
    public void Load_FileInPlaceOfTheFolder_SaysSo() => AssertError(
        folder => Path.Combine(folder, "file", "p.json"), "The folder of the policy file does not exist. Create it or correct the path.");

    [Test]
    public void Load_MissingFile_SaysSo() =>
        AssertError(folder => Path.Combine(folder, "p.json"), "The policy file does not exist. Create it or correct the path.");

    [Test]
    public void Load_Folder_SaysSo([Values("", "/")] string end) =>
        AssertError(folder => folder + end, "The path is a folder. Add the name of the policy file to it.");

    [Test]
    public void Load_EmptyFile_SaysSo() => AssertError(folder => Path.Combine(folder, "empty"), "The policy is empty. Write at least {\"rules\": []}.");

    [Test]
    public void Load_PathWithNul_SaysSo() =>
        AssertError(folder => Path.Combine(folder, "p\0.json"), "The path contains a NUL character. Remove it.");

    [Test]
    public void Load_LargeFile_IsRefusedWithoutReadingIt() =>
        AssertError(folder => Path.Combine(folder, "large"), "The policy is larger than 4 MiB. Shorten it, for example with patterns in place of long lists.");

    [Test]
    [Platform("Linux")]
    [CancelAfter(20_000)]
    public void Load_EndlessFile_IsRefused() => AssertError(
        _ => "/dev/zero", "The policy is larger than 4 MiB. Shorten it, for example with patterns in place of long lists.");

    [Test]
    [Platform("Linux")]
    public void Load_LinkToItself_SaysWhy() => AssertError(
        folder => File.CreateSymbolicLink(Path.Combine(folder, "loop"), "loop").FullName, "The policy file cannot be read. Give the process access to it. Cause: ");

    private static void AssertError(Func<string, string> path, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "{}");
        folder.Write("empty", "");
        using (var large = File.Create(Path.Combine(folder.Path, "large")))
        {
            // A sparse file: reading it would take minutes.
            large.SetLength(1L << 40);
        }

        var file = path(folder.Path);
        using (Assert.EnterMultipleScope())
        {
            foreach (var reload in (bool[])[true, false])
            {
                var error = Assert.Throws<PolicyLoadException>(
                    () => PolicyEngine.Load(new LocalPolicyOptions { Path = file, ReloadOnChange = reload }).Dispose())!;
                Assert.That(error.Errors.Single().Message, Does.StartWith(message));
                Assert.That(error.Message, Does.Not.Contain('\0'));
            }

            var services = new ServiceCollection();
            services.AddThoth(options => (options.TenantId, options.AgentId) = ("t", "a")).UseLocalPolicy(file);
            using var provider = services.BuildServiceProvider();
            Assert.That(() => provider.GetRequiredService<IEnforcer>(), Throws.TypeOf<PolicyLoadException>());
        }
    }
}
