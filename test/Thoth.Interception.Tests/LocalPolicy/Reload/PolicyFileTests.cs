using System.Text;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Reload;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Reload;

public sealed class PolicyFileTests
{
    [Test]
    public void Read_MissingFile_ReportsPathAndCorrection()
    {
        using var folder = new TemporaryFolder();
        using var file = new PolicyFile(Path.Combine(folder.Path, "none.json"));

        var error = Assert.Throws<PolicyLoadException>(() => file.Read())!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.File, Is.EqualTo(Path.Combine(folder.Path, "none.json")));
            Assert.That((error.Line, error.Column), Is.EqualTo((0, 0)));
            Assert.That(error.Message, Is.EqualTo(
                $"{error.File}: The policy file does not exist. Create it or correct the path."));
        }
    }

    [Test]
    public void Read_Directory_Throws()
    {
        using var folder = new TemporaryFolder();
        using var file = new PolicyFile(folder.Path);

        Assert.That(() => file.Read(), Throws.TypeOf<PolicyLoadException>().With.Message.Contains("cannot be read"));
    }

    [Test]
    public void Name_RelativePathInTheBaseDirectory_IsResolvedThere()
    {
        using var file = new PolicyFile("thoth.policy.schema.json");

        Assert.That(file.Name, Is.EqualTo(Path.Combine(AppContext.BaseDirectory, "thoth.policy.schema.json")));
    }

    [Test]
    public void Name_OtherRelativePath_IsResolvedInTheCurrentDirectory()
    {
        using var file = new PolicyFile("not-there.json");

        Assert.That(file.Name, Is.EqualTo(Path.GetFullPath("not-there.json")));
    }

    [Test]
    public void Read_HiddenFile_IsReadAndWatched()
    {
        using var folder = new TemporaryFolder();
        using var file = new PolicyFile(folder.Write(".policy.json", "{}"));

        Assert.That(Encoding.UTF8.GetString(file.Read()), Is.EqualTo("{}"));
        Assert.That(file.Watch().ActiveChangeCallbacks, Is.True);
    }
}
