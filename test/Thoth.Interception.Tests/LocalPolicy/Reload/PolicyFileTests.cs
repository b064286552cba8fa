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
        var file = new PolicyFile(Path.Combine(folder.Path, "none.json"));

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
        var file = new PolicyFile(folder.Path);

        Assert.That(() => file.Read(), Throws.TypeOf<PolicyLoadException>().With.Message.Contains("The path is a folder"));
    }

    [Test]
    public void Name_RelativePathInTheBaseDirectory_IsResolvedThere()
    {
        var file = new PolicyFile("thoth.policy.schema.json");

        Assert.That(file.Name, Is.EqualTo(Path.Combine(AppContext.BaseDirectory, "thoth.policy.schema.json")));
    }

    [Test]
    public void Name_OtherRelativePath_IsResolvedInTheCurrentDirectory()
    {
        var file = new PolicyFile("not-there.json");

        Assert.That(file.Name, Is.EqualTo(Path.GetFullPath("not-there.json")));
    }

    [Test]
    public async Task Watch_HiddenFile_TellsOfAChange()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(".policy.json", "{}");
        using var signal = new SemaphoreSlim(0);
        using var watch = new PolicyFile(path).Watch(() => signal.Release());

        await File.WriteAllTextAsync(path, "{ }");

        Assert.That(await signal.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
    }

    [Test]
    public async Task Watch_SeveralFilesOfAFolder_ShareOneWatcher_AndEachIsTold()
    {
        using var folder = new TemporaryFolder();
        var first = folder.Write("first.json", "{}");
        var second = folder.Write("second.json", "{}");
        using var signal = new SemaphoreSlim(0);
        var others = 0;
        var watches = Enumerable.Range(0, 300).Select(_ => new PolicyFile(first).Watch(() => Interlocked.Increment(ref others))!).ToArray();
        using (var watch = new PolicyFile(second).Watch(() => signal.Release()))
        {
            Assert.That(FolderWatches.OfProcess.SubscriptionsOf(folder.Path), Is.EqualTo(301));
            await File.WriteAllTextAsync(second, "{ }");
            Assert.That(await signal.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
            watch!.Renew();
            await File.WriteAllTextAsync(second, "{  }");
            Assert.That(await signal.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        }

        Array.ForEach(watches, watch => watch.Dispose());

        Assert.That((others, FolderWatches.OfProcess.SubscriptionsOf(folder.Path)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Watch_MissingFolder_TellsNothing() =>
        Assert.That(() => new PolicyFile("/none/p.json").Watch(() => { })!.Dispose(), Throws.Nothing);
}
