using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Loading;

public sealed class KnownToolsTests
{
    [Test]
    public void Load_KnownTools_HaveTheirSignatures()
    {
        var policy = PolicyCalls.Load("""
            { "tools_known": { "mail": [["to", "body"], ["to", "subject", "body"]], "ping": [[]] }, "rules": [] }
            """);

        Assert.That(policy.KnownTools["mail"], Is.EqualTo((string[][])[["to", "body"], ["to", "subject", "body"]]));
        Assert.That(policy.KnownTools["ping"], Is.EqualTo((string[][])[[]]));
    }

    [TestCase("""{ "mail": ["to"] }""", "tools_known.mail[0]", "array of the tool's parameter names")]
    [TestCase("""{ "mail": "to" }""", "tools_known.mail", "array of signatures")]
    [TestCase("""{ "mail": [] }""", "tools_known.mail", "no signature")]
    [TestCase("""{ "mail": [["to", "to"]] }""", "tools_known.mail[0][1]", "appears twice")]
    [TestCase("""{ "mail": [["to"], ["to"]] }""", "tools_known.mail[1]", "in the list already")]
    [TestCase("""{ "mail": [["to", ""]] }""", "tools_known.mail[0][1]", "blank")]
    [TestCase("""{ "mail": [["to", 5]] }""", "tools_known.mail[0][1]", "a number")]
    [TestCase("""{ "send_*": [["to"]] }""", "tools_known.send_*", "exact name")]
    [TestCase("""{ " ": [["to"]] }""", "tools_known. ", "exact name")]
    [TestCase("""[["to"]]""", "tools_known", "an object")]
    [TestCase("""{ "mail": [["to"]], "mail": [["from"]] }""", "tools_known.mail", "appears twice")]
    public void Load_Mistake_IsReportedAtItsPlace(string knownTools, string key, string message)
    {
        var error = PolicyCalls.LoadError($$"""{ "tools_known": {{knownTools}}, "rules": [] }""");

        Assert.That(error.Errors.Single().Key, Is.EqualTo(key));
        Assert.That(error.Errors.Single().Message, Does.Contain(message));
    }

    [TestCase("known_tools")]
    [TestCase("tool_known")]
    [TestCase("toolsKnown")]
    public void Load_MisspeltKey_IsSuggested(string key) =>
        Assert.That(
            PolicyCalls.LoadError($$"""{ "{{key}}": {}, "rules": [] }""").Errors.Single().Message, Does.Contain("tools_known"));
}
