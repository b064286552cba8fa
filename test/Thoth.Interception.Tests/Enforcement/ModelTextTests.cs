using System.Reflection;

namespace Thoth.Interception.Tests.Enforcement;

/// <summary>What a model reads in place of a result.</summary>
public class ModelTextTests
{
    private static IEnumerable<string?> Codes() =>
        typeof(SdkReasonCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string?)field.GetRawConstantValue()).Append(null);

    [TestCaseSource(nameof(Codes))]
    public void ModelText_OfEveryReasonCode_SaysWhatDidNotRunAndWhatToDo(string? code)
    {
        var text = new PolicyViolationException("refund", new EnforcementDecision { Type = DecisionType.Block, SdkReasonCode = code }).ModelText;

        Assert.That(text, Does.StartWith("Not run: ").And.Contain("the tool 'refund'").And.EndWith("."));
        Assert.That(text, Does.Match("(Tell the user|[Aa]sk the user|[Cc]all it again|[Cc]all the tool again)"));
    }

    [TestCase(DecisionType.Block)]
    [TestCase(DecisionType.Defer)]
    [TestCase(DecisionType.StepUp)]
    public void ModelText_OfLongAndHostileTexts_IsOneShortLine(DecisionType type)
    {
        var hostile = string.Concat(Enumerable.Repeat("😀\n\u202e\u0007x", 2_000));
        var decision = new EnforcementDecision
        {
            Type = type,
            Reason = hostile,
            DeferReason = hostile,
            HoldToken = "token",
            MatchedRuleIds = [.. Enumerable.Repeat(hostile, 50)],
            DeferTimeout = TimeSpan.MaxValue,
        };

        string[] texts =
        [
            new PolicyViolationException(hostile, decision).ModelText,
            new PolicyDeferredException(hostile, decision).ModelText,
            new StepUpRejectedException(hostile, decision).ModelText,
            new StepUpRequiredException(hostile, decision).ModelText,
        ];

        foreach (var text in texts)
        {
            Assert.That(text, Has.Length.LessThanOrEqualTo(1_000));
            Assert.That(text.AsSpan().ContainsAny('\n', '\u202e', '\u0007'), Is.False);
            Assert.That(text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar), Is.False, "no half of a surrogate pair");
        }
    }

    [Test]
    public void ModelText_OfARejection_SaysWhy()
    {
        Assert.That(
            new StepUpRejectedException("refund", new EnforcementDecision { Type = DecisionType.Block, Reason = "too much" }).ModelText,
            Is.EqualTo("Not run: a person did not approve the tool 'refund'. Reason: too much. Do not try again. Ask the user how to go on."));
        Assert.That(
            new StepUpRejectedException("refund", new EnforcementDecision { Type = DecisionType.Block, SdkReasonCode = SdkReasonCodes.StepUpTimeout }).ModelText,
            Is.EqualTo("Not run: no person approved the tool 'refund' in time. Do not call it again. Ask the user how to go on."));
    }

    [Test]
    public void ModelText_WithoutAReasonOrATool_IsWhole()
    {
        Assert.That(
            new EnforcerUnavailableException(SdkReasonCodes.EnforcerTimeout, "secret").ModelText,
            Is.EqualTo("Not run: no decision could be made about the tool. Do not call it again in this turn. Tell the user."));
        Assert.That(
            new PolicyDeferredException("x", new EnforcementDecision { Type = DecisionType.Defer }).ModelText,
            Is.EqualTo("Not run: the tool 'x' is deferred. You may call it again later, not in this turn."));
    }
}
