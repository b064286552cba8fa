using Thoth.Interception.LocalPolicy.Policy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Policy;

public sealed class ApprovedScopeTests
{
    private static readonly string[] Scope = ["read_docs", "search"];

    private static readonly CompiledPolicy Policy = PolicyCalls.Policy(
        """{ "id": "all", "tools": "*", "decision": "allow" }""",
        """{ "id": "no", "tools": "forbidden", "decision": "block" }""",
        """{ "id": "later", "tools": "deferred", "decision": "defer" }""",
        """{ "id": "held", "tools": "held", "decision": "step_up", "timeout_seconds": 5 }""",
        """{ "id": "cut", "tools": "changed", "decision": "modify", "modify": { "set": { "args.x": 1 } } }""");

    [TestCase(EnforcementMode.Block, "mail", DecisionType.Block, "outside_approved_scope")]
    [TestCase(EnforcementMode.StepUp, "mail", DecisionType.StepUp, "outside_approved_scope")]
    [TestCase(EnforcementMode.Progressive, "mail", DecisionType.StepUp, "outside_approved_scope")]
    [TestCase(EnforcementMode.Observe, "mail", DecisionType.Allow, "all")]
    [TestCase(EnforcementMode.Block, "search", DecisionType.Allow, "all")]
    [TestCase(EnforcementMode.StepUp, "search", DecisionType.Allow, "all")]
    [TestCase(EnforcementMode.Progressive, "search", DecisionType.Allow, "all")]
    [TestCase(EnforcementMode.Observe, "search", DecisionType.Allow, "all")]
    [TestCase(EnforcementMode.Block, "forbidden", DecisionType.Block, "outside_approved_scope")]
    [TestCase(EnforcementMode.StepUp, "forbidden", DecisionType.Block, "no")]
    [TestCase(EnforcementMode.Progressive, "forbidden", DecisionType.Block, "no")]
    [TestCase(EnforcementMode.Observe, "forbidden", DecisionType.Block, "no")]
    [TestCase(EnforcementMode.StepUp, "deferred", DecisionType.Defer, "later")]
    [TestCase(EnforcementMode.Observe, "deferred", DecisionType.Defer, "later")]
    [TestCase(EnforcementMode.StepUp, "held", DecisionType.StepUp, "held")]
    [TestCase(EnforcementMode.StepUp, "changed", DecisionType.StepUp, "outside_approved_scope")]
    [TestCase(EnforcementMode.Observe, "changed", DecisionType.Modify, "cut")]
    public void Decide_ScopeAndMode_TheStricterOfScopeAndRulesWins(
        EnforcementMode mode, string tool, DecisionType expected, string code)
    {
        var decision = PolicyCalls.Decide(Policy, PolicyCalls.Call(tool, scope: Scope, mode: mode));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Type, Is.EqualTo(expected));
            Assert.That(decision.DecisionReasonCode, Is.EqualTo(code));
        }
    }

    [Test]
    public void Decide_EmptyScope_RestrictsNothing([Values] EnforcementMode mode) =>
        Assert.That(PolicyCalls.Verdict(Policy, PolicyCalls.Call("mail", mode: mode)), Is.EqualTo(DecisionType.Allow));

    [Test]
    public void Decide_OutsideScopeAndNoRule_Blocks([Values] EnforcementMode mode) =>
        Assert.That(
            PolicyCalls.Verdict(PolicyCalls.Policy(), PolicyCalls.Call("mail", scope: Scope, mode: mode)),
            Is.EqualTo(DecisionType.Block));

    [TestCase("", DecisionType.StepUp)]
    [TestCase("search,mail,read_docs", DecisionType.StepUp)]
    [TestCase("mail,mail", DecisionType.StepUp)]
    [TestCase("mail,mail,mail", DecisionType.Block)]
    [TestCase("a,search,b,search,c,search", DecisionType.Block)]
    public void Decide_Progressive_BlocksAfterThreeCallsOutside(string earlier, DecisionType expected)
    {
        var request = PolicyCalls.Call(
            "mail", scope: Scope, mode: EnforcementMode.Progressive, earlier: earlier.Length == 0 ? [] : earlier.Split(','));

        Assert.That(PolicyCalls.Verdict(Policy, request), Is.EqualTo(expected));
    }

    [Test]
    public void Decide_OutsideScope_IsAMatchedControl([Values] EnforcementMode mode)
    {
        var decision = PolicyCalls.Decide(Policy, PolicyCalls.Call("mail", scope: Scope, mode: mode));

        Assert.That(decision.Evidence.MatchedControlIds, Is.EqualTo((string[])["approved_scope"]));
    }

    [Test]
    public void Decide_ScopeDiffersInCase_IsOutside() =>
        Assert.That(PolicyCalls.Verdict(Policy, PolicyCalls.Call("Search", scope: Scope)), Is.EqualTo(DecisionType.Block));
}
