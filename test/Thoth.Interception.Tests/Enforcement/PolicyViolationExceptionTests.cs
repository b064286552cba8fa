using System.Reflection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Enforcement;

public class PolicyViolationExceptionTests
{
    private static readonly EnforcementDecision s_full = new()
    {
        Type = DecisionType.Block,
        AuthorizationDecision = "DENY",
        DecisionReasonCode = "code",
        ActionClassification = "write",
        Reason = "because",
        ViolationId = "v1",
        HoldToken = "hold-secret",
        MatchedRuleIds = ["b"],
        DeferTimeout = TimeSpan.FromSeconds(4),
        StepUpTimeout = TimeSpan.FromSeconds(5),
        EnforcementTraceId = "t",
        ActionAttestationId = "aa",
        SdkReasonCode = "sdk",
        Evidence = new()
        {
            RiskScore = 1,
            Latency = TimeSpan.FromMilliseconds(2),
            PackId = "p",
            PackVersion = "1",
            RuleVersion = 3,
            RegulatoryRegimes = ["a"],
            MatchedControlIds = ["c"],
            PolicyReferences = ["d"],
            ModelSignals = ["e"],
            Receipt = WrappedTools.Json("{}"),
            TerminalReceipt = WrappedTools.Json("{}"),
            DecisionEnvelopeVersion = "6",
            FastMlFeatures = new Dictionary<string, double>(),
            ScoreComponents = WrappedTools.Json("{}"),
            TopContributors = [WrappedTools.Json("{}")],
            DecisionEvidence = WrappedTools.Json("{}"),
        },
    };

    [Test]
    public void Properties_OfAFullDecision_AreAllItsFields()
    {
        var exception = new PolicyViolationException("tool", s_full, "session");

        foreach (var property in typeof(PolicyViolationException).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            // The explanation comes from another request, and the text for a model is made of several fields (ModelTextTests).
            if (property.Name is nameof(PolicyViolationException.Explanation) or nameof(PolicyViolationException.ModelText))
            {
                continue;
            }

            var own = property.Name switch
            {
                "ToolName" => "tool",
                "SessionId" => "session",
                "Decision" => s_full,
                _ => typeof(EnforcementDecision).GetProperty(property.Name)!.GetValue(s_full),
            };
            Assert.That(property.GetValue(exception), Is.EqualTo(own).And.Not.Null, property.Name);
        }
    }

    [Test]
    public void Properties_OfAnEmptyDecision_AreNullAndListsEmpty()
    {
        var exception = new PolicyViolationException("tool", new() { Type = DecisionType.Block });
        var evidence = exception.Decision.Evidence;

        Assert.That(exception.Decision.Type, Is.EqualTo(DecisionType.Block));
        Assert.That(evidence.RegulatoryRegimes.Concat(exception.MatchedRuleIds).Concat(evidence.MatchedControlIds), Is.Empty);
        Assert.That(evidence.PolicyReferences.Concat(evidence.ModelSignals), Is.Empty);
        Assert.That(evidence.TopContributors, Is.Empty);
        Assert.That(new object?[] { exception.ViolationId, exception.SessionId, evidence.RiskScore, evidence.Receipt, evidence.RuleVersion }, Is.All.Null);
    }

    [TestCase(null, null, "Thoth blocked tool 'tool': blocked by Thoth policy")]
    [TestCase(" ", "", "Thoth blocked tool 'tool': blocked by Thoth policy")]
    [TestCase("no", null, "Thoth blocked tool 'tool': no")]
    [TestCase("no", "v1", "Thoth blocked tool 'tool': no (violation_id=v1)")]
    public void Message_OfABlock_HasToolReasonAndId(string? reason, string? violation, string message) =>
        Assert.That(
            new PolicyViolationException("tool", new() { Type = DecisionType.Block, Reason = reason, ViolationId = violation }).Message, Is.EqualTo(message));

    [TestCase("defer", "reason", 30, "defer (retry in 30s)", 30)]
    [TestCase(null, "reason", null, "reason", null)]
    [TestCase(" ", " ", 0, "deferred pending additional context", null)]
    [TestCase(null, null, -5, "deferred pending additional context", null)]
    public void Deferred_ReasonAndRetryAfter_ComeFromTheDecision(string? deferReason, string? reason, int? seconds, string expected, int? retry)
    {
        var exception = new PolicyDeferredException(
            "tool", new() { Type = DecisionType.Defer, DeferReason = deferReason, Reason = reason, DeferTimeout = seconds is { } s ? TimeSpan.FromSeconds(s) : null });

        Assert.That(exception.Reason, Is.EqualTo(expected));
        Assert.That(exception.Message, Does.EndWith(expected));
        Assert.That(exception.RetryAfter, Is.EqualTo(retry is null ? null : (TimeSpan?)TimeSpan.FromSeconds(retry.Value)));
    }

    [Test]
    public void ToString_OfADecision_IsItsVerdictAndCodeAlone()
    {
        Assert.That(s_full.ToString(), Is.EqualTo("BLOCK (code)"));
        Assert.That(new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "hold-secret" }.ToString(), Is.EqualTo("STEP_UP"));
        Assert.That($"{ScriptedEnforcer.Modify("""{"secret":1}""")}", Is.EqualTo("MODIFY"));
        Assert.That(new EnforcementDecision { Type = DecisionType.Defer, DeferReason = "private" }.ToString(), Is.EqualTo("DEFER"));
        Assert.That(ScriptedEnforcer.Allow.ToString(), Is.EqualTo("ALLOW"));
    }

    [Test]
    public void Unavailable_OfAnEnforcer_NamesNoTool()
    {
        var exception = new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, "too slow");

        Assert.That((exception.ToolName, exception.Reason), Is.EqualTo(("", "too slow")));
        Assert.That(exception.Message, Is.EqualTo("The enforcer is unavailable: too slow"));
        Assert.That(exception.Decision.Type, Is.EqualTo(DecisionType.Block));
    }

    [Test]
    public void StepUpRequired_WithoutAReason_HasAFixedOne()
    {
        var exception = new StepUpRequiredException("tool", new() { Type = DecisionType.StepUp, HoldToken = "t", StepUpTimeout = TimeSpan.Zero });

        Assert.That(exception.Message, Is.EqualTo("Thoth holds tool 'tool' for approval: approval required by Thoth policy"));
        Assert.That(exception.ExpiresIn, Is.Null);
    }

    [Test]
    public void Evidence_IsNeverNull_AndAnInstanceEqualsItselfOnly()
    {
        var decision = new EnforcementDecision { Type = DecisionType.Allow };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Evidence, Is.Not.Null);
            Assert.That(() => decision with { Evidence = null! }, Throws.ArgumentNullException);
            Assert.That(decision with { }, Is.Not.EqualTo(decision));
            Assert.That(decision.Evidence with { }, Is.Not.EqualTo(decision.Evidence));
            Assert.That(s_full.Evidence.ToString(), Is.EqualTo("EnforcementEvidence"));
        }
    }

    [TestCase(1, "later (retry in 1s)")]
    [TestCase(1001, "later (retry in 2s)")]
    public void Deferred_ForAPartOfASecond_IsRoundedUp(int milliseconds, string expected) => Assert.That(
        new PolicyDeferredException("tool", new()
        {
            Type = DecisionType.Defer,
            DeferReason = "later",
            DeferTimeout = TimeSpan.FromMilliseconds(milliseconds),
        }).Reason,
        Is.EqualTo(expected));

    [Test]
    public void Hierarchy_IsTheOneThatCallersCatchBy()
    {
        Type[] bases = [typeof(PolicyViolationException), typeof(StepUpRequiredException)];
        Type[] leaves = [typeof(EnforcerUnavailableException), typeof(PolicyDeferredException), typeof(StepUpRejectedException)];

        Assert.That(bases.Select(type => type.BaseType), Is.All.EqualTo(typeof(ThothException)));
        Assert.That(leaves.Select(type => type.BaseType), Is.All.EqualTo(typeof(PolicyViolationException)));
    }
}
