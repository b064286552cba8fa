using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.Testing;

namespace Thoth.Interception.Tests.Testing;

public class TestHoldTests
{
    [Test]
    public async Task ApproveAsync_LetsTheWaitingCallRun()
    {
        await using var host = new Shop();
        host.Enforcer.Hold("refund", "over the limit");

        var call = host.Tools.RefundAsync("A-1", 250);
        Assert.That(call.IsCompleted, Is.False);
        var approved = await host.Enforcer.ApproveAsync("refund", approver: "bob", reason: "fine");

        Assert.That(await call, Is.EqualTo("A-1: 250"));
        Assert.That(approved.Argument<decimal>("amount"), Is.EqualTo(250));
        Assert.That(approved.Decision!.Reason, Is.EqualTo("fine"));
        Assert.That(approved.Decision.Evidence.TerminalReceipt!.Value.GetProperty("approver").GetString(), Is.EqualTo("bob"));
        host.Enforcer.AssertCalls("refund");
    }

    [Test]
    public async Task DenyAsync_RefusesTheWaitingCall()
    {
        await using var host = new Shop();
        host.Enforcer.Hold("refund");

        var call = host.Tools.RefundAsync("A-1", 250);
        await host.Enforcer.DenyAsync("refund", reason: "Not this one.");

        var refusal = await Assert.ThrowsAsync<StepUpRejectedException>(() => call);
        Assert.That(refusal!.Reason, Is.EqualTo("Not this one."));
        host.Enforcer.AssertRefused("refund");
        Assert.That(host.Implementation.Refunds, Is.Empty);
    }

    [Test]
    public async Task ApproveAsync_BeforeTheCall_WaitsForIt()
    {
        await using var host = new Shop();
        host.Enforcer.Hold("refund");

        var approval = host.Enforcer.ApproveAsync("refund");
        Assert.That(approval.IsCompleted, Is.False);
        var result = await host.Tools.RefundAsync("A-1", 250);

        Assert.That(result, Is.EqualTo("A-1: 250"));
        Assert.That((await approval).Outcome, Is.EqualTo(CallOutcome.Completed));
    }

    [Test]
    public async Task ApproveAsync_AnswersTheOldestHeldCallOfTheTool()
    {
        await using var host = new Shop();
        host.Enforcer.Hold(TestEnforcer.AnyTool);

        var (first, second) = (host.Tools.RefundAsync("A-1", 1), host.Tools.RefundAsync("A-2", 2));
        var signIn = host.Tools.SignInAsync("ada", "x", CancellationToken.None);
        await host.Enforcer.ApproveAsync("sign_in");
        await signIn;
        await host.Enforcer.ApproveAsync("refund");

        Assert.That(await first, Is.EqualTo("A-1: 1"));
        Assert.That(second.IsCompleted, Is.False);
        await host.Enforcer.DenyAsync();
        Assert.That(async () => await second, Throws.TypeOf<StepUpRejectedException>());
    }

    [Test]
    public async Task ApproveAsync_WithoutAHeldCall_SaysWhatWasRecorded()
    {
        await using var host = new Shop();
        await host.Tools.RefundAsync("A-1", 5);

        Assert.That(
            async () => await host.Enforcer.ApproveAsync("refund", within: TimeSpan.FromMilliseconds(20)),
            Throws.TypeOf<ThothAssertionException>().With.Message.EqualTo(
                "No call of 'refund' was held within 0.02 s.\nRecorded calls:\n  1. refund({\"order\":\"A-1\",\"amount\":5}) completed"));
    }

    [Test]
    public async Task Hold_WithAnAnswer_SuitsSynchronousTools()
    {
        await using var host = new Shop();
        host.Enforcer.Hold("find", answer: ApprovalAnswer.Approve("bob"));

        Assert.That(host.Tools.Find("policy"), Is.EqualTo("found policy"));

        host.Enforcer.Hold("find", answer: ApprovalAnswer.Deny("bob"));
        Assert.That(() => host.Tools.Find("policy"), Throws.TypeOf<StepUpRejectedException>());
    }

    [Test]
    public async Task Hold_ThatNobodyAnswersInTime_IsRefusedAndNotApprovedLater()
    {
        var time = new FakeTimeProvider();
        await using var host = new Shop(options => options.StepUp.Timeout = TimeSpan.FromMinutes(10), time);
        host.Enforcer.Hold("refund");

        var call = host.Tools.RefundAsync("A-1", 250);
        time.Advance(TimeSpan.FromMinutes(11));

        Assert.That(async () => await call, Throws.TypeOf<StepUpRejectedException>());
        Assert.That(
            async () => await host.Enforcer.ApproveAsync("refund", within: TimeSpan.FromMilliseconds(20)), Throws.TypeOf<ThothAssertionException>());
    }

    [Test]
    public async Task HeldCall_OfACallerThatGoesOn_IsPeekedAndRunsOnce()
    {
        await using var host = new Shop(options => options.StepUp.Mode = StepUpMode.Throw);
        var holds = host.Services.GetRequiredService<IThothHolds>();
        host.Enforcer.Hold("refund", "over the limit");
        var held = (await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Tools.RefundAsync("A-1", 250)))!.HeldCall!;
        host.Enforcer.AssertHeld("refund");

        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Pending));
        await host.Enforcer.ApproveAsync("refund");
        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Approved));
        using (holds.Resume(held))
        {
            Assert.That(await host.Tools.RefundAsync("A-1", 250), Is.EqualTo("A-1: 250"));
        }

        host.Enforcer.AssertCalls("refund");
        host.Enforcer.AssertEvents("refund", EventPhase.Pre, EventPhase.Held, EventPhase.Resumed, EventPhase.Post);
        Assert.That(host.Implementation.Refunds, Is.EqualTo(new[] { 250m }));
    }

    [Test]
    public async Task HeldCall_ThatTheApplicationAnswers_HasThatAnswer()
    {
        await using var host = new Shop(options => options.StepUp.Mode = StepUpMode.Throw);
        var holds = host.Services.GetRequiredService<IThothHolds>();
        host.Enforcer.Hold("refund");
        var held = (await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Tools.RefundAsync("A-1", 250)))!.HeldCall!;

        Assert.That(await holds.ResolveAsync(held, ApprovalAnswer.Deny("bob", "Too late.")), Is.True);
        Assert.That(await holds.ResolveAsync(held, ApprovalAnswer.Approve("eve")), Is.False);

        Assert.That(
            async () => await host.Tools.RefundAsync("A-1", 250),
            Throws.TypeOf<StepUpRejectedException>().With.Property("Reason").EqualTo("Too late."));
    }

    private sealed class Shop : IAsyncDisposable
    {
        public Shop(Action<ThothOptions>? configure = null, TimeProvider? time = null)
        {
            var services = new ServiceCollection();
            services.AddSingleton(time ?? TimeProvider.System);
            services.AddSingleton<IShopTools>(Implementation).AddThoth(configure).AddGovernedTools<IShopTools>();
            Enforcer = services.AddThothTesting();
            Services = services.BuildServiceProvider();
            Tools = Services.GetRequiredService<IShopTools>();
        }

        public ShopTools Implementation { get; } = new();

        public ServiceProvider Services { get; }

        public TestEnforcer Enforcer { get; }

        public IShopTools Tools { get; }

        public ValueTask DisposeAsync() => Services.DisposeAsync();
    }
}
