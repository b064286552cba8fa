using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.StepUp;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Enforcement;

/// <summary>Calls with an enforcer that implements <see cref="IEnforcer"/> and nothing else.</summary>
public class EnforcerCapabilityTests
{
    [Test]
    public async Task DecidesOnly_Allow_RunsTheTool([Values] bool sync)
    {
        await using var host = Host(ScriptedEnforcer.Allow);

        Assert.That(await CallAsync(host, sync), Is.EqualTo("value"));
    }

    [Test]
    public async Task DecidesOnly_SynchronousTool_WaitsForTheDecision()
    {
        var enforcer = new DecidingEnforcer(async () =>
        {
            await Task.Yield();
            return ScriptedEnforcer.Block;
        });
        await using var host = GovernedHost.Create(services => services.AddThoth().UseEnforcer(enforcer));

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => CallAsync(host, sync: true));

        Assert.That(exception!.Reason, Is.EqualTo("no"));
    }

    [Test]
    public async Task DecidesOnly_StepUp_IsRefusedWithTheRemedy([Values] bool sync)
    {
        await using var host = Host(WrappedTools.Decision(DecisionType.StepUp));

        var exception = await Assert.ThrowsAsync(Is.TypeOf<PolicyViolationException>(), () => CallAsync(host, sync));

        var violation = (PolicyViolationException)exception!;
        Assert.That(violation.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpNotSupported));
        Assert.That(violation.Message, Does.Contain(nameof(IHoldEnforcer)).And.Contain("StepUpMode.Throw"));
        Assert.That(violation.Decision.HoldToken, Is.Null);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(["ToolCallPre/Pre", "ToolCallBlock/Block"]));
    }

    [Test]
    public async Task DecidesOnly_StepUpWithoutAToken_IsRefusedForTheToken([Values] bool sync)
    {
        await using var host = Host(new() { Type = DecisionType.StepUp });

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => CallAsync(host, sync));

        Assert.That(exception!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpHoldTokenMissing));
    }

    [Test]
    public async Task DecidesOnly_StepUpInThrowMode_IsThrownToTheCaller([Values] bool sync)
    {
        await using var host = Host(WrappedTools.Decision(DecisionType.StepUp), options => options.StepUp.Mode = StepUpMode.Throw);

        var exception = await Assert.ThrowsAsync<StepUpRequiredException>(() => CallAsync(host, sync));

        Assert.That(exception!.HoldToken, Is.EqualTo("hold-1"));
    }

    [Test]
    public async Task DecidesOnly_BlockWithExplain_HasNoExplanation([Values] bool sync)
    {
        await using var host = Host(ScriptedEnforcer.Block, options => options.Explain = true);

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => CallAsync(host, sync));

        Assert.That(exception!.Explanation, Is.Null);
    }

    [Test]
    public async Task NotFound_OfAnEnforcer_IsPendingTwiceAndThenFinal([Values(null, "unknown approval")] string? reason)
    {
        await using var hold = new HoldHost();
        var call = hold.Call();
        for (var poll = 0; poll < 3; poll++)
        {
            (await hold.NextPollAsync()).SetResult(HoldStatus.NotFound(reason));
            if (poll < 2)
            {
                await hold.ElapsedUntilNextPollAsync(TimeSpan.FromMinutes(1));
            }
        }

        var exception = await Assert.ThrowsAsync<PolicyViolationException>(() => call);
        Assert.That(
            (hold.Count, exception!.SdkReasonCode, exception.Reason),
            Is.EqualTo((3, SdkReasonCodes.StepUpPollRejected, reason ?? "the enforcer does not know the held call")));
    }

    [Test]
    public void HoldStatus_IsExactlyOneOfThree()
    {
        (bool, bool, bool) Shape(HoldStatus status) => (status.IsPending, status.IsNotFound, status.Resolution is not null);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Shape(default), Is.EqualTo((true, false, false)));
            Assert.That(Shape(HoldStatus.Pending(TimeSpan.FromSeconds(1))), Is.EqualTo((true, false, false)));
            Assert.That(Shape(HoldStatus.NotFound()), Is.EqualTo((false, true, false)));
            Assert.That(Shape(HoldStatus.Resolved(ScriptedEnforcer.Allow)), Is.EqualTo((false, false, true)));
            Assert.That(() => HoldStatus.Resolved(null!), Throws.ArgumentNullException);
        }
    }

    private static GovernedHost Host(EnforcementDecision decision, Action<ThothOptions>? configure = null) =>
        GovernedHost.Create(services => services.AddThoth().UseEnforcer(new DecidingEnforcer(() => Task.FromResult(decision))), configure);

    private static async Task<string> CallAsync(GovernedHost host, bool sync) =>
        sync ? host.Wrap((string value) => value)("value") : await host.Wrap((string value) => Task.FromResult(value))("value");

    private sealed class DecidingEnforcer(Func<Task<EnforcementDecision>> decide) : IEnforcer
    {
        public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) => new(decide());
    }
}
