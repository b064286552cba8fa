using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Testing;

namespace Thoth.Interception.Tests.Testing;

public sealed class TestEnforcerTests : IAsyncDisposable
{
    private readonly ShopTools _shop = new();
    private readonly ServiceProvider _services;
    private readonly TestEnforcer _enforcer;
    private readonly IShopTools _tools;

    public TestEnforcerTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IShopTools>(_shop).AddGovernedTools<IShopTools>();
        _enforcer = services.AddThothTesting();
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        _tools = _services.GetRequiredService<IShopTools>();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Test]
    public async Task Call_WithoutARule_RunsAndIsRecorded()
    {
        Assert.That(await _tools.RefundAsync("A-1", 5), Is.EqualTo("A-1: 5"));
        Assert.That(_tools.Find("policy"), Is.EqualTo("found policy"));

        _enforcer.AssertCalls("refund", "find");
        _enforcer.AssertEvents("refund", EventPhase.Pre, EventPhase.Post);
        var call = _enforcer.AssertCompleted("refund", call => call.Argument<string>("order") == "A-1");
        Assert.That(call.Arguments.GetProperty("amount").GetDecimal(), Is.EqualTo(5));
        Assert.That(call.Decision!.Type, Is.EqualTo(DecisionType.Allow));
        Assert.That(call.Request.Context.TenantId, Is.EqualTo("test-tenant"));
        Assert.That(_enforcer.AssertCalled("find").Request.Action, Is.EqualTo(ToolAction.Read));
        Assert.That(_enforcer.Events.Select(e => e.ToolName), Is.EqualTo(new[] { "refund", "refund", "find", "find" }));
    }

    [Test]
    public void Call_OfAToolThatThrows_HasFailed()
    {
        Assert.That(async () => await _tools.RefundAsync("A-1", 13), Throws.InvalidOperationException.With.Message.EqualTo("thirteen"));

        Assert.That(_enforcer.AssertCalled("refund").Outcome, Is.EqualTo(CallOutcome.Failed));
        Assert.That(() => _enforcer.AssertCompleted("refund"), Throws.TypeOf<ThothAssertionException>());
    }

    [Test]
    public async Task Block_WithACondition_BlocksTheCallsThatFitIt()
    {
        _enforcer.Block("refund", "too much", when: call => call.Argument<decimal>("amount") > 100);

        await _tools.RefundAsync("A-1", 100);
        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => _tools.RefundAsync("A-1", 101));

        Assert.That(refusal!.Reason, Is.EqualTo("too much"));
        Assert.That(_shop.Refunds, Is.EqualTo(new[] { 100m }));
        Assert.That(_enforcer.AssertRefused("refund").Decision!.Reason, Is.EqualTo("too much"));
        Assert.That(_enforcer.AssertCompleted("refund").Argument<decimal>("amount"), Is.EqualTo(100));
    }

    [Test]
    public async Task Rule_ThatIsAddedLater_Wins()
    {
        _enforcer.Block(TestEnforcer.AnyTool, "closed");
        _enforcer.Allow("find");

        Assert.That(_tools.Find("policy"), Is.EqualTo("found policy"));
        Assert.That(async () => await _tools.RefundAsync("A-1", 1), Throws.TypeOf<PolicyViolationException>());

        _enforcer.Allow();
        Assert.That(async () => await _tools.RefundAsync("A-1", 1), Throws.Nothing);
    }

    [Test]
    public async Task Modify_ChangesWhatTheToolGets()
    {
        _enforcer.Modify("refund", arguments => arguments["amount"] = 50, when: call => call.Argument<decimal>("amount") > 50);

        Assert.That(await _tools.RefundAsync("A-1", 80), Is.EqualTo("A-1: 50"));
        Assert.That(await _tools.RefundAsync("A-1", 20), Is.EqualTo("A-1: 20"));

        var call = _enforcer.AssertCompleted("refund", call => call.Argument<decimal>("amount") == 80);
        Assert.That(call.Decision!.ModifiedToolArgs!.Value.GetProperty("amount").GetInt32(), Is.EqualTo(50));
    }

    [Test]
    public async Task Modify_ThatRemovesAnArgument_IsRefusedAsByAnyEnforcer()
    {
        _enforcer.Modify("refund", arguments => arguments.Remove("amount"));

        Assert.That(
            async () => await _tools.RefundAsync("A-1", 80),
            Throws.TypeOf<PolicyViolationException>().With.Property("SdkReasonCode").EqualTo(SdkReasonCodes.ModifyNotApplicable));
        Assert.That(_shop.Refunds, Is.Empty);
    }

    [Test]
    public async Task Defer_TellsWhenToTryAgain()
    {
        _enforcer.Defer("refund", "The till is closed.", TimeSpan.FromMinutes(5));

        var refusal = await Assert.ThrowsAsync<PolicyDeferredException>(() => _tools.RefundAsync("A-1", 1));

        Assert.That(refusal!.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(5)));
        Assert.That(refusal.Reason, Does.Contain("The till is closed."));
    }

    [Test]
    public async Task Unreachable_RefusesCallsOfEachKind()
    {
        _enforcer.Unreachable();

        Assert.That(async () => await _tools.RefundAsync("A-1", 1), Throws.TypeOf<EnforcerUnavailableException>());
        Assert.That(() => _tools.Find("policy"), Throws.TypeOf<EnforcerUnavailableException>());
        _enforcer.AssertRefused("find");
    }

    [Test]
    public void Decide_GivesTheWholeDecision()
    {
        _enforcer.Decide("find", call => new()
        {
            Type = DecisionType.Block,
            DecisionReasonCode = "quota",
            Reason = $"no {call.ToolName}",
            MatchedRuleIds = ["r1"],
        });

        var refusal = Assert.Throws<PolicyViolationException>(() => _tools.Find("policy"));

        Assert.That(refusal!.DecisionReasonCode, Is.EqualTo("quota"));
        Assert.That(refusal.Reason, Is.EqualTo("no find"));
    }

    [Test]
    public async Task Condition_WithAMisspeltArgument_SaysWhichThereAre()
    {
        _enforcer.Block("refund", "too much", when: call => call.Argument<decimal>("amout") > 100);

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => _tools.RefundAsync("A-1", 1));

        Assert.That(
            refusal!.InnerException,
            Is.TypeOf<ThothAssertionException>().With.Message.EqualTo("The call of 'refund' has no argument 'amout'. It has: order, amount."));
    }

    [Test]
    public void Argument_OfAnotherType_IsAnAssertion()
    {
        _tools.Find("policy");

        Assert.That(() => _enforcer.AssertCalled("find").Argument<int>("query"), Throws.TypeOf<ThothAssertionException>().With.Message.Contains("Int32"));
    }

    [Test]
    public async Task FailedAssertion_ListsTheCallsAndTheRulesThatDecidedNone()
    {
        _enforcer.Block("refnd", "misspelt");
        await _tools.RefundAsync("A-1", 5);
        await _tools.SignInAsync("ada", "S3cret!", CancellationToken.None);

        var failure = Assert.Throws<ThothAssertionException>(() => _enforcer.AssertRefused("refund"));

        Assert.That(failure!.Message, Is.EqualTo(
            """
            No call of 'refund' is refused.
            Recorded calls:
              1. refund({"order":"A-1","amount":5}) completed
              2. sign_in({"user":"ada","password":"***"}) completed
            Rules that decided no call: Block 'refnd'.
            """.ReplaceLineEndings("\n")));
        Assert.That(_enforcer.AssertCalled("sign_in").Argument<string>("password"), Is.EqualTo("S3cret!"));
    }

    [Test]
    public void FailedAssertion_WithoutACall_SaysSo()
    {
        Assert.That(() => _enforcer.AssertCalled("refund"), Throws.TypeOf<ThothAssertionException>()
            .With.Message.EqualTo("No call of 'refund' was recorded.\nNo governed call was recorded."));
        Assert.That(() => _enforcer.AssertNotCalled("refund"), Throws.Nothing);
        Assert.That(() => _enforcer.AssertCalls(), Throws.Nothing);
        Assert.That(() => _enforcer.AssertCalls("refund"), Throws.TypeOf<ThothAssertionException>());
    }

    [Test]
    public void AssertNotCalled_WithACondition_CountsTheCallsThatFitIt()
    {
        _tools.Find("policy");

        Assert.That(() => _enforcer.AssertNotCalled("find", call => call.Argument<string>("query") == "salary"), Throws.Nothing);
        Assert.That(() => _enforcer.AssertNotCalled("find"), Throws.TypeOf<ThothAssertionException>());
        Assert.That(() => _enforcer.AssertEvents("find", EventPhase.Pre), Throws.TypeOf<ThothAssertionException>()
            .With.Message.Contains("The events of 'find' are Pre, Post instead of Pre."));
    }

    [Test]
    public async Task Call_ThatItsCallerCancels_IsRecorded()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.That(async () => await _tools.SignInAsync("ada", "x", cancelled.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(_enforcer.AssertCalled("sign_in").Outcome, Is.EqualTo(CallOutcome.Cancelled));
    }

    [Test]
    public void Reset_ForgetsRulesAndRecords()
    {
        _enforcer.Block("find", "no");
        Assert.That(() => _tools.Find("policy"), Throws.TypeOf<PolicyViolationException>());

        _enforcer.Reset();

        _enforcer.AssertCalls();
        Assert.That(_enforcer.Events, Is.Empty);
        Assert.That(() => _tools.Find("policy"), Throws.Nothing);
    }

    [Test]
    public async Task Calls_FromManyThreads_AreAllRecordedOnce()
    {
        _enforcer.Block("refund", "odd", when: call => call.Argument<int>("amount") % 2 == 1);

        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(100, 400), async (amount, _) =>
        {
            try
            {
                await _services.GetRequiredService<IToolGovernor>().WrapTool("refund", (int amount) => Task.FromResult(amount))(amount);
            }
            catch (PolicyViolationException)
            {
                Interlocked.Increment(ref refused);
            }
        });

        Assert.That(refused, Is.EqualTo(200));
        Assert.That(_enforcer.Calls.Count(call => call.Outcome == CallOutcome.Refused), Is.EqualTo(200));
        Assert.That(_enforcer.Calls.Count(call => call.Outcome == CallOutcome.Completed), Is.EqualTo(200));
        Assert.That(_enforcer.Events, Has.Count.EqualTo(800));
    }
}
