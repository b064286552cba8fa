using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Architecture;

/// <summary>Which folders know which libraries.</summary>
public class DependencyTests
{
    [Test]
    public void CastleAndScrutor_AreUsedInTheInterceptionFolderOnly()
    {
        var folders = Repository.Sources("src")
            .Where(file => File.ReadAllText(file) is var text && (text.Contains("using Castle") || text.Contains("using Scrutor")))
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)))
            .Distinct();

        Assert.That(folders, Is.EqualTo(["Interception"]));
    }
}
