using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.StepUp;

public class HoldResolutionTests
{
    private static readonly EnforcementDecision s_held = new()
    {
        Type = DecisionType.StepUp,
        AuthorizationDecision = "STEP_UP",
        HoldToken = "hold-secret",
        Reason = "needs approval",
        ViolationId = "vio_pending",
        DecisionReasonCode = "approval_required",
        ActionClassification = "write",
        MatchedRuleIds = ["r1"],
        StepUpTimeout = TimeSpan.FromSeconds(60),
        Evidence = new()
        {
            PackId = "pack",
            PackVersion = "1",
            RuleVersion = 3,
            RiskScore = 70,
            Latency = TimeSpan.FromMilliseconds(2),
            RegulatoryRegimes = ["gdpr"],
            MatchedControlIds = ["c1"],
            PolicyReferences = ["p1"],
            ModelSignals = ["threat:prompt_injection"],
            Receipt = WrappedTools.Json("""{"receipt_id":"initial"}"""),
            DecisionEnvelopeVersion = "2",
            DecisionEvidence = WrappedTools.Json("{}"),
            ScoreComponents = WrappedTools.Json("{}"),
            TopContributors = [WrappedTools.Json("{}")],
            FastMlFeatures = new Dictionary<string, double> { ["a"] = 1 },
        },
    };

    [Test]
    public async Task Denied_KeepsTheApproversReasonAndTheFirstDecisionsEvidence([Values] bool sync)
    {
        var exception = await Refused<StepUpRejectedException>(
            new() { Type = DecisionType.Block, Reason = "rejected by approver", Evidence = new() { TerminalReceipt = WrappedTools.Json("""{"receipt_id":"terminal"}""") } }, sync);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception.Reason, Is.EqualTo("rejected by approver"));
            Assert.That(exception.Message, Is.EqualTo("Thoth blocked tool 'tool': rejected by approver (violation_id=vio_pending)"));
            Assert.That(exception.Decision.AuthorizationDecision, Is.EqualTo("BLOCK"));
            Assert.That(exception.SdkReasonCode, Is.Null);
            Assert.That(exception.DecisionReasonCode, Is.EqualTo("approval_required"));
            Assert.That(exception.ActionClassification, Is.EqualTo("write"));
            Assert.That((exception.Decision.Evidence.PackId, exception.Decision.Evidence.PackVersion, exception.Decision.Evidence.RuleVersion), Is.EqualTo(("pack", "1", 3L)));
            Assert.That((exception.Decision.Evidence.RiskScore, exception.Decision.Evidence.Latency, exception.Decision.StepUpTimeout), Is.EqualTo((70.0, TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(60))));
            Assert.That(exception.Decision.Evidence.RegulatoryRegimes, Is.EqualTo(["gdpr"]));
            Assert.That(exception.MatchedRuleIds, Is.EqualTo(["r1"]));
            Assert.That(exception.Decision.Evidence.MatchedControlIds, Is.EqualTo(["c1"]));
            Assert.That(exception.Decision.Evidence.PolicyReferences, Is.EqualTo(["p1"]));
            Assert.That(exception.Decision.Evidence.ModelSignals, Has.Count.EqualTo(1));
            Assert.That(exception.Decision.Evidence.Receipt!.Value.GetProperty("receipt_id").GetString(), Is.EqualTo("initial"));
            Assert.That(exception.Decision.Evidence.TerminalReceipt!.Value.GetProperty("receipt_id").GetString(), Is.EqualTo("terminal"));
            Assert.That(exception.Decision.Evidence.DecisionEnvelopeVersion, Is.EqualTo("2"));
            Assert.That(exception.Decision.Evidence.DecisionEvidence, Is.Not.Null);
            Assert.That(exception.Decision.Evidence.ScoreComponents, Is.Not.Null);
            Assert.That(exception.Decision.Evidence.TopContributors, Has.Count.EqualTo(1));
            Assert.That(exception.Decision.Evidence.FastMlFeatures, Is.Not.Null);
            Assert.That(exception.Decision.HoldToken, Is.Null, "a resolved hold has no use for its token");
        }
    }

    [Test]
    public async Task Denied_WithEvidenceOfItsOwn_KeepsIt([Values] bool sync)
    {
        var exception = await Refused<StepUpRejectedException>(
            new() { Type = DecisionType.Block, ViolationId = "own", DecisionReasonCode = "denied", MatchedRuleIds = ["r9"] }, sync);

        Assert.That((exception.ViolationId, exception.DecisionReasonCode), Is.EqualTo(("own", "denied")));
        Assert.That(exception.MatchedRuleIds, Is.EqualTo(["r9"]));
    }

    [Test]
    public async Task Modify_AsAResolution_RunsOnTheChangedArguments([Values] bool sync)
    {
        await using var host = Host(ScriptedEnforcer.Modify("""{"value":"changed"}"""));

        Assert.That(await CallAsync(host, sync), Is.EqualTo("changed"));
        Assert.That((await host.EventsAsync())[^1].Decision!.AuthorizationDecision, Is.EqualTo("MODIFY"));
    }

    [Test]
    public async Task Modify_ThatCannotBeBound_Blocks([Values] bool sync)
    {
        var exception = await Refused<PolicyViolationException>(new() { Type = DecisionType.Modify }, sync);

        Assert.That(exception.SdkReasonCode, Is.EqualTo(SdkReasonCodes.ModifyNotApplicable));
    }

    [Test]
    public async Task Defer_AsAResolution_IsDeferred([Values] bool sync)
    {
        var exception = await Refused<PolicyDeferredException>(
            new() { Type = DecisionType.Defer, DeferReason = "later", DeferTimeout = TimeSpan.FromSeconds(30) }, sync);

        Assert.That(exception.Reason, Is.EqualTo("later (retry in 30s)"));
        Assert.That(exception.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [TestCase(DecisionType.StepUp, SdkReasonCodes.StepUpInvalidResolution)]
    [TestCase((DecisionType)99, SdkReasonCodes.UnsupportedDecision)]
    public async Task NoDecision_AsAResolution_BlocksWithoutBlamingAnApprover(DecisionType type, string code)
    {
        var exception = await Refused<PolicyViolationException>(new() { Type = type, HoldToken = "again" }, sync: false);

        Assert.That(exception.SdkReasonCode, Is.EqualTo(code));
    }

    [Test]
    public async Task EnforcerEndsTheTimeFirst_IsTheSameAsTheLibrarysOwnEndOfIt([Values] bool sync)
    {
        var exception = await Refused<StepUpRejectedException>(EnforcementDecision.Refuse(SdkReasonCodes.StepUpTimeout, "over"), sync);

        Assert.That(
            (exception.SdkReasonCode, exception.DecisionReasonCode, exception.Reason),
            Is.EqualTo((SdkReasonCodes.StepUpTimeout, "approval_required", "step-up auth timeout — no approver response")));
    }

    [Test]
    public async Task Mismatch_InTheHoldResponse_Blocks([Values] bool sync, [Values] bool trace)
    {
        var answer = new EnforcementDecision { Type = DecisionType.Allow };
        answer = trace ? answer with { EnforcementTraceId = "other" } : answer with { ActionAttestationId = "other" };

        var exception = await Refused<PolicyViolationException>(answer, sync);

        Assert.That(
            exception.SdkReasonCode, Is.EqualTo(trace ? SdkReasonCodes.EnforcementTraceIdMismatch : SdkReasonCodes.ActionAttestationIdMismatch));
    }

    [Test]
    public async Task Allowed_PostEvent_CarriesTheFinalDecisionOverTheFirst([Values] bool sync)
    {
        await using var host = Host(ScriptedEnforcer.Allow);

        await CallAsync(host, sync);

        var decision = (await host.EventsAsync())[^1].Decision!;
        Assert.That((decision.Type, decision.AuthorizationDecision, decision.Evidence.PackId), Is.EqualTo((DecisionType.Allow, "ALLOW", "pack")));
    }

    [Test]
    public async Task ThrowMode_StepUp_ThrowsWithTheTokenAndInNoText([Values] bool sync)
    {
        await using var host = Host(ScriptedEnforcer.Allow, StepUpMode.Throw);
        host.Enforcer.Hold = (_, _, _) => throw new AssertionException("No poll may come.");

        var exception = await Assert.ThrowsAsync<StepUpRequiredException>(() => CallAsync(host, sync));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception, Is.Not.InstanceOf<PolicyViolationException>());
            Assert.That(exception!.HoldToken, Is.EqualTo("hold-secret"));
            Assert.That(exception.ToolName, Is.EqualTo("tool"));
            Assert.That(exception.SessionId, Is.EqualTo(host.Sessions.Current.Id));
            Assert.That(exception.ExpiresIn, Is.EqualTo(TimeSpan.FromSeconds(60)));
            Assert.That(exception.Reason, Is.EqualTo("needs approval"));
            Assert.That(exception.Message, Is.EqualTo("Thoth holds tool 'tool' for approval: needs approval"));
            Assert.That(exception.ToString(), Does.Not.Contain("hold-secret"));
            Assert.That(exception.Decision.ToString(), Does.Not.Contain("hold-secret"));
        }

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallHeld/Held"]));
    }

    [Test]
    public async Task ThrowMode_UnusableToken_IsAViolation([Values] bool sync)
    {
        await using var host = Host(ScriptedEnforcer.Allow, StepUpMode.Throw);
        host.Enforcer.Decide = _ => s_held with { HoldToken = " " };

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => CallAsync(host, sync));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpHoldTokenMissing));
    }

    private static GovernedHost Host(EnforcementDecision resolution, StepUpMode mode = StepUpMode.Wait)
    {
        var host = WrappedTools.Host(options => options.StepUp.Mode = mode);
        host.Enforcer.Decide = _ => s_held;
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.Resolved(resolution));
        return host;
    }

    private static async Task<string> CallAsync(GovernedHost host, bool sync) =>
        sync ? host.Wrap((string value) => value)("original") : await host.Wrap((string value) => Task.FromResult(value))("original");

    private static async Task<TException> Refused<TException>(EnforcementDecision resolution, bool sync)
        where TException : PolicyViolationException
    {
        await using var host = Host(resolution);
        var exception = await Assert.ThrowsAsync(Is.TypeOf<TException>(), () => CallAsync(host, sync));
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
        Assert.That(host.Sessions.Current.ToolCalls, Is.Empty);
        return (TException)exception!;
    }
}
