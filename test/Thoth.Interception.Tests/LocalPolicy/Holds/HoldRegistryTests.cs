using System.Text;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Engine;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Holds;

public sealed class HoldRegistryTests : IDisposable
{
    private const string Refunds = """
        { "id": "refunds", "version": "3", "rules": [
          { "id": "held", "tools": ["refund", "export"], "decision": "step_up", "timeout_seconds": 600,
            "reason": "Refunds need an approval.", "code": "refund_limit", "risk_score": 70 },
          { "id": "long", "tools": "long", "decision": "step_up" },
          { "id": "redact", "tools": "export", "decision": "modify", "reason": "No contact data.",
            "modify": { "remove_values": { "args.columns": "ssn" } } }
        ] }
        """;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly RecordingLogger<LocalPolicyEnforcer> _logger = new();
    private readonly ManualApprover _approver = new();
    private readonly LocalPolicyOptions _options = new();
    private readonly EnforcementRequest _refund = PolicyCalls.Call("refund", """{ "amount": 500 }""", earlier: ["read"]);
    private LocalPolicyEnforcer? _enforcer;

    public void Dispose() => _enforcer?.Dispose();

    [Test]
    public void Evaluate_StepUp_CreatesARandomToken()
    {
        var first = Enforcer().Evaluate(_refund, default);
        var second = Enforcer().Evaluate(_refund, default);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Type, Is.EqualTo(DecisionType.StepUp));
            Assert.That(first.StepUpTimeout, Is.EqualTo(TimeSpan.FromSeconds(600)));
            Assert.That(first.MatchedRuleIds, Is.EqualTo((string[])["held"]));
            Assert.That(first.HoldToken, Does.Match("^[A-Za-z0-9_-]{43}$"));
            Assert.That(first.HoldToken, Is.Not.EqualTo(second.HoldToken));
        }
    }

    [Test]
    public async Task GetHold_Approved_AllowsTheCallOnce()
    {
        var token = Hold();
        var wait = Enforcer().GetHoldAsync(token, _refund, default);
        await _approver.Called;
        _approver.Answer(ApprovalAnswer.Approve("ann", "known customer"));

        var decision = (await wait).Resolution!;
        var again = (await Enforcer().GetHoldAsync(token, _refund, default)).Resolution!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Allow));
            Assert.That(decision.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.StepUpApproved));
            Assert.That(decision.Reason, Is.EqualTo("known customer"));
            Assert.That(decision.MatchedRuleIds, Is.EqualTo((string[])["held"]));
            Assert.That(decision.HoldToken, Is.Null);
            Assert.That(decision.Evidence.PackVersion, Is.EqualTo("3"));
            Assert.That(
                decision.Evidence.TerminalReceipt?.GetRawText(),
                Is.EqualTo("""{"outcome":"approved","approver":"ann","decided_at":"2026-01-01T00:00:00+00:00"}"""));
            Assert.That(again.Type, Is.EqualTo(DecisionType.Block));
            Assert.That(again.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.UnknownHold));
            Assert.That(Enforcer().Holds.Count, Is.Zero);
        }
    }

    [TestCase("too much", "too much")]
    [TestCase(null, "The approver denied the call.")]
    public async Task GetHold_Denied_BlocksWithTheApproversReason(string? reason, string expected)
    {
        var wait = Enforcer().GetHoldAsync(Hold(), _refund, default);
        _approver.Answer(ApprovalAnswer.Deny("ann", reason));

        var decision = (await wait).Resolution!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
            Assert.That(decision.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.StepUpDenied));
            Assert.That(decision.Reason, Is.EqualTo(expected));
            Assert.That(decision.Evidence.TerminalReceipt?.GetProperty("outcome").GetString(), Is.EqualTo("denied"));
        }
    }

    [Test]
    public async Task GetHold_ApprovedWithModifyRule_AppliesTheRule()
    {
        var call = PolicyCalls.Call("export", """{"columns":["name","ssn"]}""");
        var held = Enforcer().Evaluate(call, default);
        var wait = Enforcer().GetHoldAsync(held.HoldToken!, call, default);
        var request = await _approver.Called;
        _approver.Answer(ApprovalAnswer.Approve("ann"));

        var decision = (await wait).Resolution!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(held.ModifiedToolArgs, Is.Null, "a held call has no arguments to run");
            Assert.That(Encoding.UTF8.GetString(request.Arguments.Span), Is.EqualTo("""{"columns":["name","ssn"]}"""));
            Assert.That(Encoding.UTF8.GetString(request.ArgumentsToRun.Span), Is.EqualTo("""{"columns":["name"]}"""));
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Modify));
            Assert.That(decision.ModifiedToolArgs?.GetRawText(), Is.EqualTo("""{"columns":["name"]}"""));
            Assert.That(decision.ModificationReason, Is.EqualTo("No contact data."));
            Assert.That(decision.MatchedRuleIds, Is.EqualTo((string[])["held", "redact"]));
        }
    }

    [Test]
    public async Task GetHold_Approver_GetsTheWholeCallWithoutTheToken()
    {
        var wait = Enforcer().GetHoldAsync(Hold(), _refund, default);
        var request = await _approver.Called;
        _approver.Answer(ApprovalAnswer.Deny("ann"));
        await wait;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.ToolName, Is.EqualTo("refund"));
            Assert.That(Encoding.UTF8.GetString(request.Arguments.Span), Is.EqualTo("""{ "amount": 500 }"""));
            Assert.That(request.ArgumentsToRun.ToArray(), Is.EqualTo(request.Arguments.ToArray()));
            Assert.That(request.Context, Is.SameAs(_refund.Context));
            Assert.That(request.SessionToolCalls, Is.EqualTo((string[])["read", "refund"]));
            Assert.That(request.MatchedRuleIds, Is.EqualTo((string[])["held"]));
            Assert.That(request.Reason, Is.EqualTo("Refunds need an approval."));
            Assert.That(request.ReasonCode, Is.EqualTo("refund_limit"));
            Assert.That(request.RiskScore, Is.EqualTo(70));
            Assert.That(request.ActionAttestationId, Is.EqualTo(_refund.ActionAttestationId));
            Assert.That(request.HeldAt, Is.EqualTo(_time.GetUtcNow()));
            Assert.That(request.ExpiresAt, Is.EqualTo(_time.GetUtcNow().AddSeconds(600)));
            Assert.That(request.Decision.HoldToken, Is.Null);
        }
    }

    [Test]
    public async Task GetHold_ManyWaiters_CallsTheApproverOnceAndAllowsOne()
    {
        var token = Hold();
        var waits = Enumerable.Range(0, 20).Select(_ => Enforcer().GetHoldAsync(token, _refund, default).AsTask()).ToArray();
        await _approver.Called;
        _approver.Answer(ApprovalAnswer.Approve("ann"));

        var answers = await Task.WhenAll(waits);

        Assert.That(answers.Count(answer => answer.Resolution!.Type == DecisionType.Allow), Is.EqualTo(1));
        Assert.That(_approver.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task GetHold_UnknownToken_Blocks()
    {
        var answer = await Enforcer().GetHoldAsync("guess", _refund, default);

        Assert.That(answer.Resolution!.Type, Is.EqualTo(DecisionType.Block));
        Assert.That(answer.Resolution.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.UnknownHold));
    }

    [Test]
    public async Task GetHold_OtherRequest_BlocksAndKeepsTheHold()
    {
        var token = Hold();
        EnforcementRequest[] otherRequests =
        [
            PolicyCalls.Call("refund", """{ "amount": 500 }"""),
            Copy(_refund, arguments: """{ "amount": 9999 }"""),
            Copy(_refund, tool: "export"),
        ];

        foreach (var other in otherRequests)
        {
            var refused = (await Enforcer().GetHoldAsync(token, other, default)).Resolution!;
            Assert.That(refused.Type, Is.EqualTo(DecisionType.Block));
            Assert.That(refused.DecisionReasonCode, Is.EqualTo(SdkReasonCodes.ActionAttestationIdMismatch));
        }

        await _approver.Called;
        Assert.That(_approver.Requests, Has.Count.EqualTo(1), "another request does not call the approver again");
        _approver.Answer(ApprovalAnswer.Approve("ann"));
        var answer = await Enforcer().GetHoldAsync(token, Copy(_refund), default);
        Assert.That(answer.Resolution!.Type, Is.EqualTo(DecisionType.Allow));
    }

    [Test]
    public async Task GetHold_NoDecision_BlocksAfterTheTimeout()
    {
        var wait = Enforcer().GetHoldAsync(Hold(), _refund, default).AsTask();
        await _approver.Called;
        _time.Advance(TimeSpan.FromSeconds(599));
        Assert.That(wait.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));

        var decision = (await wait).Resolution!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
            Assert.That(decision.DecisionReasonCode, Is.EqualTo(SdkReasonCodes.StepUpTimeout));
            Assert.That(_approver.Token.IsCancellationRequested, Is.True);
            Assert.That(Enforcer().Holds.Count, Is.Zero);
        }

        _approver.Answer(ApprovalAnswer.Approve("ann"));
        Assert.That(_logger.Count(5), Is.Zero, "a decision after the timeout has no effect");
    }

    [Test]
    public void Evaluate_RuleWithoutTimeout_UsesTheLifetimeOfTheOptions()
    {
        var decision = Enforcer().Evaluate(PolicyCalls.Call("long"), default);

        Assert.That(decision.StepUpTimeout, Is.Null);
        _time.Advance(_options.HoldLifetime - TimeSpan.FromSeconds(1));
        Assert.That(Enforcer().Holds.Count, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Enforcer().Holds.Count, Is.Zero);
    }

    [Test]
    public async Task Evaluate_CallersThatComeBackForAShorterTime_TheApproverSeesThatTime()
    {
        using var enforcer = new LocalPolicyEnforcer(new FakePolicySource(Refunds), _approver, _options, _time, _logger, TimeSpan.FromMinutes(15));
        enforcer.Evaluate(PolicyCalls.Call("long"), default);
        var request = await _approver.Called;

        Assert.That(request.ExpiresAt - request.HeldAt, Is.EqualTo(TimeSpan.FromMinutes(15)));
        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.That(enforcer.Holds.Count, Is.Zero);
    }

    [Test]
    public void GetHold_CancelledWait_ThrowsAndKeepsTheHold()
    {
        var token = Hold();
        using var cancel = new CancellationTokenSource();
        var wait = Enforcer().GetHoldAsync(token, _refund, cancel.Token).AsTask();
        cancel.Cancel();

        Assert.That(async () => await wait, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Enforcer().Holds.Count, Is.EqualTo(1));
    }

    [Test]
    public async Task GetHold_CallerGaveUp_ExpiresSoonAndCancelsTheApprover()
    {
        var token = Hold();
        using var cancel = new CancellationTokenSource();
        var wait = Enforcer().GetHoldAsync(token, _refund, cancel.Token).AsTask();
        await _approver.Called;
        await cancel.CancelAsync();
        Assert.That(async () => await wait, Throws.InstanceOf<OperationCanceledException>());

        _time.Advance(LocalPolicyOptions.AbandonedHoldLifetime);

        Assert.That(_approver.Token.IsCancellationRequested, Is.True);
        Assert.That(Enforcer().Holds.Count, Is.Zero);
    }

    [Test]
    public async Task GetHold_CallerWaitsAgain_KeepsTheHold()
    {
        var token = Hold();
        for (var i = 0; i < 10; i++)
        {
            using var cancel = new CancellationTokenSource();
            var poll = Enforcer().GetHoldAsync(token, _refund, cancel.Token).AsTask();
            await cancel.CancelAsync();
            Assert.That(async () => await poll, Throws.InstanceOf<OperationCanceledException>());
            _time.Advance(LocalPolicyOptions.AbandonedHoldLifetime / 2);
        }

        var wait = Enforcer().GetHoldAsync(token, _refund, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(400));
        _approver.Answer(ApprovalAnswer.Approve("ann"));

        Assert.That((await wait).Resolution!.Type, Is.EqualTo(DecisionType.Allow));
        Assert.That(_approver.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task GetHold_ApproverThrows_StaysHeldUntilTheTimeout()
    {
        var wait = Enforcer().GetHoldAsync(Hold(), _refund, default).AsTask();
        _approver.Fail(new InvalidOperationException("no console"));
        await _logger.NextAsync(7);

        Assert.That(wait.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(600));
        Assert.That((await wait).Resolution!.DecisionReasonCode, Is.EqualTo(SdkReasonCodes.StepUpTimeout));
    }

    [Test]
    public async Task GetHold_ApproverReturnsNull_StaysHeld()
    {
        var wait = Enforcer().GetHoldAsync(Hold(), _refund, default).AsTask();
        _approver.Answer(null!);
        await _logger.NextAsync(7);

        Assert.That(wait.IsCompleted, Is.False);
    }

    [Test]
    public async Task GetHold_NoApprover_StaysHeldUntilTheTimeout()
    {
        using var enforcer = new LocalPolicyEnforcer(new FakePolicySource(Refunds), null, _options, _time, _logger);
        var held = enforcer.Evaluate(_refund, default);
        var wait = enforcer.GetHoldAsync(held.HoldToken!, _refund, default).AsTask();

        Assert.That(wait.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(600));
        Assert.That((await wait).Resolution!.Type, Is.EqualTo(DecisionType.Block));
    }

    [Test]
    public void Evaluate_TooManyHolds_Blocks()
    {
        _options.MaxHolds = 2;
        Hold();
        Hold();

        var decision = Enforcer().Evaluate(_refund, default);

        Assert.That(decision.Type, Is.EqualTo(DecisionType.Block));
        Assert.That(decision.DecisionReasonCode, Is.EqualTo(LocalPolicyReasonCodes.TooManyHolds));
    }

    [Test]
    public void Evaluate_ObserveMode_OpensNoHold()
    {
        var decision = Enforcer().Evaluate(PolicyCalls.Call("refund", mode: EnforcementMode.Observe), default);

        Assert.That(decision.Type, Is.EqualTo(DecisionType.StepUp));
        Assert.That(decision.HoldToken, Is.Null);
        Assert.That(Enforcer().Holds.Count, Is.Zero);
    }

    [Test]
    public async Task GetHold_ArgumentBufferReused_ApproverGetsTheHeldArguments()
    {
        var buffer = Encoding.UTF8.GetBytes("""{ "amount": 500 }""");
        var request = new EnforcementRequest
        {
            Context = _refund.Context,
            ToolName = "refund",
            Arguments = buffer,
            SessionToolCalls = ["refund"],
            OccurredAt = _time.GetUtcNow(),
        };
        var token = Enforcer().Evaluate(request, default).HoldToken!;
        var wait = Enforcer().GetHoldAsync(token, request, default);
        var approval = await _approver.Called;
        Array.Clear(buffer);
        _approver.Answer(ApprovalAnswer.Deny("ann"));
        await wait;

        Assert.That(Encoding.UTF8.GetString(approval.Arguments.Span), Is.EqualTo("""{ "amount": 500 }"""));
    }

    [Test]
    public async Task Dispose_OpenHolds_AreBlocked()
    {
        var wait = Enforcer().GetHoldAsync(Hold(), _refund, default).AsTask();
        await _approver.Called;

        Enforcer().Dispose();

        Assert.That((await wait).Resolution!.Type, Is.EqualTo(DecisionType.Block));
        Assert.That(_approver.Token.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task Log_HoldLifecycle_ContainsNoTokenArgumentOrReason()
    {
        var token = Hold();
        var wait = Enforcer().GetHoldAsync(token, _refund, default);
        _approver.Answer(ApprovalAnswer.Deny("ann", "secret words"));
        await wait;
        await _logger.NextAsync(5);

        Assert.That(_logger.Text, Does.Not.Contain(token).And.Not.Contain("500").And.Not.Contain("secret words"));
    }

    [TestCase(null)]
    [TestCase(" ")]
    public void Approve_BlankApprover_Throws(string? approver) =>
        Assert.That(() => ApprovalAnswer.Approve(approver!), Throws.InstanceOf<ArgumentException>());

    private static EnforcementRequest Copy(EnforcementRequest request, string? tool = null, string? arguments = null) => new()
    {
        Context = request.Context,
        ToolName = tool ?? request.ToolName,
        Arguments = arguments is null ? request.Arguments : Encoding.UTF8.GetBytes(arguments),
        SessionToolCalls = request.SessionToolCalls,
        OccurredAt = request.OccurredAt,
        ActionAttestationId = request.ActionAttestationId,
    };

    private LocalPolicyEnforcer Enforcer() =>
        _enforcer ??= new(new FakePolicySource(Refunds), _approver, _options, _time, _logger);

    private string Hold() => Enforcer().Evaluate(_refund, default).HoldToken!;
}
