using Thoth.Interception.Pipeline;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Pipeline;

/// <summary>The table of contract §2.1: what each verdict means in each mode.</summary>
public class DecisionModeTests
{
    private static readonly EnforcementMode[] s_enforcing = [EnforcementMode.Block, EnforcementMode.StepUp, EnforcementMode.Progressive];

    private static readonly EnforcementDecision?[] s_verdicts =
    [
        .. Enum.GetValues<DecisionType>().Select(WrappedTools.Decision), ScriptedEnforcer.Modify("""{"value":"changed"}"""), null,
        WrappedTools.Decision((DecisionType)99), new() { Type = DecisionType.StepUp },
        new() { Type = DecisionType.Allow, ActionAttestationId = "other" },
    ];

    [Test]
    public async Task Allow_EnforcingModes_Executes([ValueSource(nameof(s_enforcing))] EnforcementMode mode, [Values] bool sync) =>
        Assert.That(await RunAsync(mode, WrappedTools.Decision(DecisionType.Allow), sync), Is.EqualTo("original"));

    [Test]
    public async Task Modify_EnforcingModes_ExecutesChanged([ValueSource(nameof(s_enforcing))] EnforcementMode mode, [Values] bool sync) =>
        Assert.That(await RunAsync(mode, ScriptedEnforcer.Modify("""{"value":"changed"}"""), sync), Is.EqualTo("changed"));

    [Test]
    public async Task Refusals_EnforcingModes_ThrowTheirOwnType([ValueSource(nameof(s_enforcing))] EnforcementMode mode, [Values] bool sync)
    {
        await Refused(WrappedTools.Decision(DecisionType.Block), typeof(PolicyViolationException), null);
        await Refused(WrappedTools.Decision((DecisionType)99), typeof(PolicyViolationException), SdkReasonCodes.UnsupportedDecision);
        await Refused(null, typeof(PolicyViolationException), SdkReasonCodes.EnforcerInvalidResponse);
        await Refused(WrappedTools.Decision(DecisionType.Defer), typeof(PolicyDeferredException), null);
        await Refused(new() { Type = DecisionType.Modify }, typeof(PolicyViolationException), SdkReasonCodes.ModifyNotApplicable);
        await Refused(ScriptedEnforcer.Modify("[]"), typeof(PolicyViolationException), SdkReasonCodes.ModifyNotApplicable);

        async Task Refused(EnforcementDecision? decision, Type type, string? code)
        {
            var exception = await Assert.ThrowsAsync(Is.TypeOf(type), async () => await RunAsync(mode, decision, sync));
            Assert.That(((PolicyViolationException)exception!).SdkReasonCode, Is.EqualTo(code));
        }
    }

    [TestCase(null, SdkReasonCodes.StepUpHoldTokenMissing)]
    [TestCase("", SdkReasonCodes.StepUpHoldTokenMissing)]
    [TestCase("  ", SdkReasonCodes.StepUpHoldTokenMissing)]
    [TestCase(".", SdkReasonCodes.StepUpHoldTokenInvalid)]
    [TestCase("..", SdkReasonCodes.StepUpHoldTokenInvalid)]
    [TestCase("a\nb", SdkReasonCodes.StepUpHoldTokenInvalid)]
    [TestCase("a\u0085b", SdkReasonCodes.StepUpHoldTokenInvalid)]
    [TestCase("\u007f", SdkReasonCodes.StepUpHoldTokenInvalid)]
    public async Task StepUp_UnusableToken_BlocksWithoutAPoll(string? token, string code)
    {
        await using var host = WrappedTools.Host();
        var polls = 0;
        host.Enforcer.Decide = _ => new() { Type = DecisionType.StepUp, HoldToken = token };
        host.Enforcer.Hold = (_, _, _) =>
        {
            polls++;
            return ValueTask.FromResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        };

        var exception = Assert.Throws<PolicyViolationException>(() => host.Wrap(() => { })());

        Assert.That(exception, Is.TypeOf<PolicyViolationException>());
        Assert.That(exception!.SdkReasonCode, Is.EqualTo(code));
        Assert.That(exception.Reason, Is.EqualTo("step-up approval unresolved; tool was not executed"));
        Assert.That(polls, Is.Zero);
    }

    [TestCase(1024, true)]
    [TestCase(1025, false)]
    public void RefusalOfHold_LongToken_IsUsableTo1024Characters(int length, bool usable) =>
        Assert.That(
            DecisionValidator.RefusalOfHold(new() { Type = DecisionType.StepUp, HoldToken = new string('a', length) }), usable ? Is.Null : Is.Not.Null);

    [Test]
    public async Task Mismatch_OfActionOrTrace_BlocksWithoutTheDecisionsEvidence()
    {
        await Mismatched(new() { Type = DecisionType.Allow, ActionAttestationId = "other", ViolationId = "theirs" }, SdkReasonCodes.ActionAttestationIdMismatch, "action");
        await Mismatched(new() { Type = DecisionType.Block, EnforcementTraceId = "other", ViolationId = "theirs" }, SdkReasonCodes.EnforcementTraceIdMismatch, "trace");

        static async Task Mismatched(EnforcementDecision decision, string code, string what)
        {
            await using var host = WrappedTools.Host();
            host.Enforcer.Decide = _ => decision;

            var exception = Assert.Throws<PolicyViolationException>(() => host.Wrap(() => { })());

            Assert.That(exception!.SdkReasonCode, Is.EqualTo(code));
            Assert.That(exception.Reason, Is.EqualTo($"enforcer response identifies a different {what}; tool was not executed"));
            Assert.That(exception.ViolationId, Is.Null);
            Assert.That(exception.Decision.ActionAttestationId, Is.EqualTo(host.Enforcer.LastRequest.ActionAttestationId));
            Assert.That(exception.Decision.EnforcementTraceId, Is.EqualTo(host.Enforcer.LastRequest.Context.EnforcementTraceId));
        }
    }

    [Test]
    public async Task Echo_OfTheRequestsOwnIds_Executes()
    {
        await using var host = WrappedTools.Host();
        host.Enforcer.Decide = request => new()
        {
            Type = DecisionType.Allow,
            ActionAttestationId = request.ActionAttestationId,
            EnforcementTraceId = request.Context.EnforcementTraceId,
        };

        Assert.That(host.Wrap(() => 1)(), Is.EqualTo(1));
    }

    [Test]
    public async Task Observe_EveryVerdict_ExecutesUnmodified(
        [ValueSource(nameof(s_verdicts))] EnforcementDecision? verdict, [Values] bool sync, [Values] bool evaluate)
    {
        Assert.That(await RunAsync(EnforcementMode.Observe, verdict, sync, evaluate), Is.EqualTo("original"));
    }

    private static async Task<string?> RunAsync(EnforcementMode mode, EnforcementDecision? decision, bool sync, bool evaluate = false)
    {
        await using var host = WrappedTools.Host(options =>
        {
            options.Enforcement = mode;
            options.EvaluateInObserveMode = evaluate;
        });
        host.Enforcer.Decide = _ => decision!;
        string? received = null;
        try
        {
            if (sync)
            {
                host.Wrap((string value) => { received = value; })("original");
            }
            else
            {
                await host.Wrap((string value) =>
                {
                    received = value;
                    return Task.CompletedTask;
                })("original");
            }
        }
        catch (PolicyViolationException)
        {
            Assert.That(received, Is.Null, "a refused tool never starts");
            throw;
        }

        return received;
    }
}
