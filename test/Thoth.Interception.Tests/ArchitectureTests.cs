using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests;

/// <summary>The rooms of the library: who may know whom.</summary>
public class ArchitectureTests
{
    [Test]
    public void CastleAndScrutor_AreKnownInTheInterceptionFolderAlone()
    {
        var knowing = Repository.Sources("src")
            .Where(file => File.ReadAllText(file) is var text && (text.Contains("using Castle") || text.Contains("using Scrutor")))
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)))
            .Distinct();

        Assert.That(knowing, Is.EqualTo(["Interception"]));
    }

    [TestCase("Enforcement", "ThothSession", "EventPipeline", "ToolCallPipeline", "MethodPlan", "BehavioralEvent", "HoldPoller")]
    [TestCase("Sessions", "BehavioralEvent", "EventPipeline", "IEnforcer", "ToolCallPipeline", "MethodPlan")]
    [TestCase("Events", "ThothSession", "IEnforcer", "ToolCallPipeline", "ToolCall ", "MethodPlan", "HoldPoller")]
    [TestCase("Coverage", "ThothSession", "IEnforcer", "EventPipeline", "ToolCallPipeline", "MethodPlan", "HoldPoller")]
    [TestCase("StepUp", "ThothSession", "EventPipeline", "ToolCallPipeline", "MethodPlan", "BehavioralEvent")]
    [TestCase("Arguments", "ThothSession", "EventPipeline", "ToolCallPipeline", "MethodPlan", "IEnforcer")]
    public void Room_DoesNotKnowItsNeighbours(string room, params string[] strangers)
    {
        foreach (var file in Repository.Sources(Path.Combine("src", "Thoth.Interception", room)))
        {
            var code = string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal)));
            foreach (var stranger in strangers)
            {
                Assert.That(code, Does.Not.Contain(stranger), $"{file} knows {stranger}");
            }
        }
    }
}
