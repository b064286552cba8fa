using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Matching;

public sealed class HistoryConditionTests
{
    [TestCase("""{ "contains": "read_secrets" }""", "read_secrets,x", true)]
    [TestCase("""{ "contains": "read_*" }""", "read_secrets,x", true)]
    [TestCase("""{ "contains": ["a", "x"] }""", "read_secrets,x", true)]
    [TestCase("""{ "contains": "read_secrets" }""", "x,y", false)]
    [TestCase("""{ "contains": "read_secrets" }""", "", false)]
    [TestCase("""{ "contains": "tool" }""", "", false, Description = "the call itself is not part of the history")]
    [TestCase("""{ "contains": "tool" }""", "tool", true)]
    [TestCase("""{ "follows": "inbox" }""", "x,inbox", true)]
    [TestCase("""{ "follows": "inbox" }""", "inbox,x", false)]
    [TestCase("""{ "follows": ["inbox", "read_*"] }""", "x,inbox,read_mail", true)]
    [TestCase("""{ "follows": ["inbox", "read_*"] }""", "read_mail,inbox", false)]
    [TestCase("""{ "follows": ["inbox", "read_*"] }""", "read_mail", false)]
    [TestCase("""{ "count": { "tools": "refund", "at_least": 2 } }""", "refund,x,refund", true)]
    [TestCase("""{ "count": { "tools": "refund", "at_least": 2 } }""", "refund,x", false)]
    [TestCase("""{ "count": { "tools": "refund", "at_most": 1 } }""", "refund", true)]
    [TestCase("""{ "count": { "tools": "refund", "at_most": 1 } }""", "refund,refund", false)]
    [TestCase("""{ "count": { "tools": ["refund", "pay*"], "at_least": 2, "at_most": 3 } }""", "refund,pay_out", true)]
    [TestCase("""{ "count": { "tools": "*", "at_most": 0 } }""", "", true)]
    [TestCase("""{ "contains": "a", "follows": "b" }""", "a,b", true)]
    [TestCase("""{ "contains": "a", "follows": "b" }""", "b", false)]
    [TestCase("""{ "not": { "contains": "run_tests" } }""", "x", true)]
    [TestCase("""{ "not": { "contains": "run_tests" } }""", "run_tests", false)]
    [TestCase("""{ "contains": "a", "not": { "contains": "b" } }""", "a", true)]
    [TestCase("""{ "contains": "a", "not": { "contains": "b" } }""", "a,b", false)]
    public void Evaluate_History_UsesEarlierCalls(string predicate, string earlier, bool expected)
    {
        var request = PolicyCalls.Call(earlier: earlier.Length == 0 ? [] : earlier.Split(','));

        Assert.That(PolicyCalls.Evaluate($"\"history\": {predicate}", request), Is.EqualTo((expected, expected)));
    }

    [Test]
    public void Evaluate_EmptyHistory_IsFalse()
    {
        var request = new EnforcementRequest
        {
            Context = PolicyCalls.Call().Context,
            ToolName = "tool",
            SessionToolCalls = [],
            OccurredAt = DateTimeOffset.UnixEpoch,
        };

        Assert.That(PolicyCalls.Evaluate("""
            "history": { "contains": "*" }
            """, request), Is.EqualTo((false, false)));
    }
}
