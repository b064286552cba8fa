using Thoth.Enforcer.Configuration;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Tests;

public class EnforcerServerTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thoth-build-");

    [TearDown]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [Test]
    public void Build_BrokenPolicy_IsRefusedAndLeavesTheDatabaseClosed()
    {
        var options = new EnforcerOptions { PolicyPath = Path.Combine(_folder.FullName, "p.json"), DatabasePath = Path.Combine(_folder.FullName, "d.db") };
        File.WriteAllText(options.PolicyPath, """{"id":"x","rulez":[]}""");

        Assert.That(() => EnforcerServer.Build(options, TimeProvider.System), Throws.TypeOf<PolicyLoadException>());
    }

    [Test]
    public void Build_MissingPolicy_IsRefusedWithTheSwitch()
    {
        var options = new EnforcerOptions { PolicyPath = Path.Combine(_folder.FullName, "none.json"), DatabasePath = Path.Combine(_folder.FullName, "d.db") };

        Assert.That(() => EnforcerServer.Build(options, TimeProvider.System), Throws.TypeOf<UsageException>().With.Message.Contains("--policy"));
    }
}
