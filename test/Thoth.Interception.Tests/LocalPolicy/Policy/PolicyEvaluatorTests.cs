using System.Text;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Policy;

public sealed class PolicyEvaluatorTests
{
    private static readonly string[] Decisions = ["allow", "modify", "step_up", "defer", "block"];
    private static readonly DecisionType[] Types =
        [DecisionType.Allow, DecisionType.Modify, DecisionType.StepUp, DecisionType.Defer, DecisionType.Block];

    [Test]
    public void Decide_EachPairOfDecisions_StricterWins(
        [Range(0, 4)] int first, [Range(0, 4)] int second)
    {
        var policy = PolicyCalls.Policy(Rule("first", Decisions[first]), Rule("second", Decisions[second]));

        var decision = PolicyCalls.Decide(policy, PolicyCalls.Call());

        Assert.That(decision.Type, Is.EqualTo(Types[Math.Max(first, second)]));
        Assert.That(decision.MatchedRuleIds, Does.Contain(first >= second ? "first" : "second"));
    }

    [Test]
    public void Decide_EqualDecisions_FirstInFileOrderWins([Values("allow", "step_up", "defer", "block")] string decision)
    {
        var policy = PolicyCalls.Policy(Rule("first", decision), Rule("second", decision));

        Assert.That(PolicyCalls.Decide(policy, PolicyCalls.Call()).MatchedRuleIds, Is.EqualTo((string[])["first"]));
    }

    [Test]
    public void Decide_NoMatchingRule_Blocks()
    {
        var decision = PolicyCalls.Decide(PolicyCalls.Policy(), PolicyCalls.Call());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
            Assert.That(decision.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.NoMatchingRule));
            Assert.That(decision.Evidence.PackId, Is.EqualTo("test"));
            Assert.That(decision.MatchedRuleIds, Is.Empty);
        }
    }

    [Test]
    public void Decide_RuleWithAllKeys_FillsTheDecision()
    {
        var policy = PolicyCalls.Policy("""
            { "id": "later", "tools": ["x", "to?l"], "actions": ["read", "delete"], "decision": "defer",
              "reason": "Not during the audit.", "code": "audit", "risk_score": 70.5, "retry_seconds": 30 }
            """);

        var decision = PolicyCalls.Decide(policy, PolicyCalls.Call(action: ToolAction.Delete));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Defer));
            Assert.That(decision.Reason, Is.EqualTo("Not during the audit."));
            Assert.That(decision.DeferReason, Is.EqualTo("Not during the audit."));
            Assert.That(decision.DecisionReasonCode, Is.EqualTo("audit"));
            Assert.That(decision.Evidence.RiskScore, Is.EqualTo(70.5));
            Assert.That(decision.DeferTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(decision.ActionClassification, Is.EqualTo("delete"));
            Assert.That(decision.MatchedRuleIds, Is.EqualTo((string[])["later"]));
            Assert.That(decision.Evidence.PackId, Is.EqualTo("test"));
            Assert.That(decision.Evidence.PackVersion, Is.EqualTo("7"));
        }
    }

    [Test]
    public void Decide_RuleWithoutReasonAndCode_UsesItsId()
    {
        var decision = PolicyCalls.Decide(PolicyCalls.Policy(Rule("no-go", "block")), PolicyCalls.Call());

        Assert.That(decision.DecisionReasonCode, Is.EqualTo("no-go"));
        Assert.That(decision.Reason, Does.Contain("no-go"));
    }

    [TestCase("[\"read\"]", ToolAction.Read, true)]
    [TestCase("\"read\"", ToolAction.Read, true)]
    [TestCase("[\"read\"]", ToolAction.Unspecified, false)]
    [TestCase("[\"unspecified\"]", ToolAction.Unspecified, true)]
    [TestCase("[\"write\", \"delete\", \"execute\"]", ToolAction.Execute, true)]
    [TestCase("[\"write\", \"delete\", \"execute\"]", ToolAction.Read, false)]
    public void Decide_Actions_SelectCalls(string actions, ToolAction action, bool expected)
    {
        var policy = PolicyCalls.Policy($$"""{ "id": "r", "tools": "*", "actions": {{actions}}, "decision": "allow" }""");

        Assert.That(
            PolicyCalls.Verdict(policy, PolicyCalls.Call(action: action)),
            Is.EqualTo(expected ? DecisionType.Allow : DecisionType.Block));
    }

    [Test]
    public void Decide_ModifyRuleWithUnknownCondition_Blocks()
    {
        var policy = PolicyCalls.Policy(
            Rule("all", "allow"),
            """
            { "id": "redact", "tools": "*", "when": { "args.level": { "greater": 1 } }, "decision": "modify",
              "modify": { "remove": "args.ssn" } }
            """);

        var decision = PolicyCalls.Decide(policy, PolicyCalls.Call(arguments: """{ "level": "2", "ssn": "1" }"""));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
            Assert.That(decision.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.ConditionNotEvaluable));
            Assert.That(decision.MatchedRuleIds, Is.EqualTo((string[])["redact"]));
        }
    }

    [TestCase("[1]")]
    [TestCase("5")]
    [TestCase("{")]
    [TestCase("""{ "x": 1, "x": 2 }""")]
    [TestCase("""{ "x": { "y": 1, "y": 2 } }""")]
    [TestCase("""{ "x": "\ud800" }""")]
    public void Decide_UnreadableArguments_BlocksIfARuleReadsThem(string arguments)
    {
        var withCondition = PolicyCalls.Policy(Rule("all", "allow"), PolicyCalls.When("""
            "args.x": "1"
            """, "block"));
        var withoutCondition = PolicyCalls.Policy(Rule("all", "allow"));

        using (Assert.EnterMultipleScope())
        {
            var decision = PolicyCalls.Decide(withCondition, PolicyCalls.Call(arguments: arguments));
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
            Assert.That(decision.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.ArgumentsUnreadable));
            Assert.That(PolicyCalls.Verdict(withoutCondition, PolicyCalls.Call(arguments: arguments)), Is.EqualTo(DecisionType.Allow));
        }
    }

    [TestCase(63, DecisionType.Allow)]
    [TestCase(64, DecisionType.Block)]
    public void Decide_DeepArguments_AreReadUpTo64Levels(int nestedArrays, DecisionType expected)
    {
        var policy = PolicyCalls.Policy(PolicyCalls.When("""
            "args.y": 1
            """));
        var arguments = new StringBuilder("""{ "y": 1, "x": """)
            .Append('[', nestedArrays).Append(']', nestedArrays).Append('}').ToString();

        Assert.That(PolicyCalls.Verdict(policy, PolicyCalls.Call(arguments: arguments)), Is.EqualTo(expected));
    }

    [Test]
    public void Decide_SameToolTwice_ReturnsTheSameDecision()
    {
        var policy = PolicyCalls.Policy(Rule("all", "allow"));

        Assert.That(
            PolicyCalls.Decide(policy, PolicyCalls.Call()), Is.SameAs(PolicyCalls.Decide(policy, PolicyCalls.Call())));
    }

    [Test]
    public void Decide_MoreToolsThanTheCacheLimit_StillDecides()
    {
        var policy = PolicyCalls.Policy("""{ "id": "r", "tools": "tool_*", "decision": "allow" }""");

        for (var i = 0; i < 3_000; i++)
        {
            Assert.That(PolicyCalls.Verdict(policy, PolicyCalls.Call($"tool_{i}")), Is.EqualTo(DecisionType.Allow));
        }

        Assert.That(PolicyCalls.Verdict(policy, PolicyCalls.Call("other")), Is.EqualTo(DecisionType.Block));
    }

    [Test]
    public void Decide_ManyThreads_DecideCorrectly()
    {
        var policy = PolicyCalls.Policy(
            Rule("all", "allow"),
            PolicyCalls.When("""
                "args.n": { "greater": 50 }
                """, "block"));

        Parallel.For(0, 20_000, i =>
        {
            var n = i % 100;
            var verdict = PolicyCalls.Verdict(policy, PolicyCalls.Call($"tool_{i % 7}", $$"""{ "n": {{n}} }"""));
            if (verdict != (n > 50 ? DecisionType.Block : DecisionType.Allow))
            {
                throw new InvalidOperationException($"wrong verdict for {n}");
            }
        });
    }

    private static string Rule(string id, string decision) => decision == "modify"
        ? $$$"""{ "id": "{{{id}}}", "tools": "*", "decision": "modify", "modify": { "set": { "args.x": 1 } } }"""
        : $$"""{ "id": "{{id}}", "tools": "*", "decision": "{{decision}}" }""";
}
