using System.Text.Json;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Engine;

/// <summary>A policy outside a governed application.</summary>
public sealed class PolicyEngineTests : IDisposable
{
    private const string Rules = """
        { "id": "payments", "rules": [
          { "id": "reads", "tools": "get_*", "decision": "allow" },
          { "id": "refunds", "tools": "refund", "decision": "step_up" } ] }
        """;

    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "policy.json");

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Load_File_TellsItsRules()
    {
        using var engine = Load("""
            { "id": "payments", "version": "3", "rules": [
              { "id": "reads", "tools": ["get_*", "list"], "decision": "allow" },
              { "id": "writes", "tools": "set", "actions": ["write"], "decision": "block", "reason": "Never." } ] }
            """);

        var policy = engine.Policy;

        Assert.That((policy.Id, policy.Version, policy.Rules.Count), Is.EqualTo(("payments", "3", 2)));
        Assert.That((policy.Rules[0].Id, policy.Rules[0].MatchesUndeclaredAction), Is.EqualTo(("reads", true)));
        Assert.That(policy.Rules[0].Tools, Is.EqualTo(["get_*", "list"]));
        Assert.That((policy.Rules[1].Decision.Type, policy.Rules[1].Decision.Reason), Is.EqualTo((DecisionType.Block, "Never.")));
        Assert.That(policy.Rules[1].MatchesUndeclaredAction, Is.False);
    }

    [TestCase("get_order", DecisionType.Allow, "reads")]
    [TestCase("unknown", DecisionType.Block, null)]
    public void Evaluate_Call_NamesTheRuleThatMatched(string tool, DecisionType decision, string? rule)
    {
        using var engine = Load(Rules);

        var verdict = engine.Evaluate(PolicyCalls.Call(tool));

        Assert.That(verdict.Decision.Type, Is.EqualTo(decision));
        Assert.That(verdict.Decision.MatchedRuleIds, Is.EqualTo(rule is null ? [] : new[] { rule }));
    }

    [Test]
    public void Resolve_HeldCall_FollowsTheAnswer()
    {
        using var engine = Load(Rules);
        var verdict = engine.Evaluate(PolicyCalls.Call("refund"));

        var approved = ApprovalAnswer.Approve("alice").Resolve(verdict, DateTimeOffset.UnixEpoch);
        var denied = ApprovalAnswer.Deny("alice", "Too much.").Resolve(verdict, DateTimeOffset.UnixEpoch);

        Assert.That(verdict.Decision.Type, Is.EqualTo(DecisionType.StepUp));
        Assert.That((approved.Type, denied.Type, denied.Reason), Is.EqualTo((DecisionType.Allow, DecisionType.Block, "Too much.")));
        Assert.That(denied.Evidence.TerminalReceipt, Is.Not.Null);
    }

    [Test]
    public void Reload_BrokenFile_KeepsThePolicyInForce()
    {
        using var engine = Load(Rules);
        File.WriteAllText(Path, "{");

        engine.Reload();

        Assert.That(engine.Policy.Id, Is.EqualTo("payments"));
    }

    [Test]
    public void Load_MissingFile_Throws() =>
        Assert.That(() => PolicyEngine.Load(new LocalPolicyOptions { Path = Path }), Throws.TypeOf<PolicyLoadException>());

    [Test]
    public void Load_Text_IsEvaluated()
    {
        using var engine = PolicyEngine.Load(new LocalPolicyOptions { Json = Rules });

        Assert.That(engine.Evaluate(PolicyCalls.Call("get_order")).Decision.Type, Is.EqualTo(DecisionType.Allow));
    }

    [TestCase(DecisionType.Block), TestCase(DecisionType.Defer), TestCase(DecisionType.Modify), TestCase(DecisionType.Allow)]
    public void Resolve_OfAVerdictThatDoesNotHoldTheCall_Throws(DecisionType type)
    {
        var verdict = new PolicyVerdict(new EnforcementDecision { Type = type });

        Assert.That(() => ApprovalAnswer.Approve("alice").Resolve(verdict, DateTimeOffset.UnixEpoch), Throws.ArgumentException);
        Assert.That(() => ApprovalAnswer.Approve("alice").Resolve(default, DateTimeOffset.UnixEpoch), Throws.ArgumentException);
    }

    [Test]
    public void VerdictAsText_HasNoArguments()
    {
        var verdict = new PolicyVerdict(new EnforcementDecision { Type = DecisionType.StepUp }, JsonElement.Parse("""{"card":"4111"}"""));

        Assert.That(verdict.ToString(), Does.Not.Contain("4111"));
    }

    [Test]
    public void Load_InvalidOptions_ThrowsWithWhatIsWrong()
    {
        Assert.That(() => PolicyEngine.Load(new LocalPolicyOptions()), Throws.ArgumentException.With.Message.Contains("No policy is set"));
        Assert.That(
            () => PolicyEngine.Load(new LocalPolicyOptions { Json = Rules, ReloadDelay = TimeSpan.FromHours(1) }),
            Throws.ArgumentException.With.Message.Contains("ReloadDelay"));
    }

    private PolicyEngine Load(string policy)
    {
        File.WriteAllText(Path, policy);
        return PolicyEngine.Load(new LocalPolicyOptions { Path = Path, ReloadOnChange = false });
    }
}
