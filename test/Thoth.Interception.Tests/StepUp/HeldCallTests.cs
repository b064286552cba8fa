using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.StepUp;

/// <summary>Calls that are held while their callers go on, and resumed later.</summary>
public class HeldCallTests
{
    private const string Token = "secret-token";

    public interface IRefundTools
    {
        Task<string> RefundAsync(string order, int amount);

        string RefundNow(string order);
    }

    private sealed class RefundTools : IRefundTools
    {
        public List<string> Runs { get; } = [];

        public Task<string> RefundAsync(string order, int amount)
        {
            Runs.Add($"{order}:{amount}");
            return Task.FromResult("done");
        }

        public string RefundNow(string order)
        {
            Runs.Add(order);
            return "done";
        }
    }

    [Test]
    public async Task HeldCall_IsShownWithoutTokenOrArgument()
    {
        await using var host = Host(out _);

        var (held, exception) = await HoldAsync(host);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(held.ToolName, Is.EqualTo("refund"));
            Assert.That(held.Reason, Is.EqualTo("Refunds need an approval."));
            Assert.That(held.ExpiresAt, Is.EqualTo(host.Time.GetUtcNow() + TimeSpan.FromMinutes(15)));
            Assert.That(
                held + JsonSerializer.Serialize(held) + exception.Message, Does.Not.Contain(Token).And.Not.Contain("A-1"));
        }
    }

    [Test]
    public async Task ListAll_HasTheCallsOfAllSessions_UntilTheyAreUsed()
    {
        await using var host = Host(out _);
        var (mine, _) = await HoldAsync(host);
        using var session = host.Get<IThothSessions>().Start(new() { UserId = "grace" });
        host.Time.Advance(TimeSpan.FromSeconds(1));
        var (others, _) = await HoldAsync(host);
        var holds = host.Get<IThothHolds>();
        var all = await holds.ListAllAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(all.Select(held => held.Id), Is.EqualTo([mine.Id, others.Id]));
            Assert.That(all[1].UserId, Is.EqualTo("grace"));
            Assert.That(all[1].ActionAttestationId, Is.EqualTo(host.Enforcer.LastRequest.ActionAttestationId));
            Assert.That(JsonSerializer.Serialize(all[1]), Does.Not.Contain("grace"));
        }

        Resolve(host, ScriptedEnforcer.Allow);
        using (holds.Resume(others))
        {
            await host.Get<IRefundTools>().RefundAsync("A-1", 250);
        }

        Assert.That((await holds.ListAllAsync()).Select(held => held.Id), Is.EqualTo([mine.Id]));
    }

    [Test]
    public async Task Resume_Approved_RunsOnceWithoutASecondEvaluation()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);
        var holds = host.Get<IThothHolds>();
        Resolve(host, ScriptedEnforcer.Allow);

        string result;
        using (holds.Resume(held))
        {
            result = await host.Get<IRefundTools>().RefundAsync("A-1", 250);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Is.EqualTo("done"));
            Assert.That(tools.Runs, Is.EqualTo(["A-1:250"]));
            Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
            Assert.That(_polls, Has.Count.EqualTo(1));
            Assert.That(_polls[0].ActionAttestationId, Is.EqualTo(host.Enforcer.LastRequest.ActionAttestationId));
            Assert.That(_polls[0].ResumeNonce, Is.Not.Null);
        }

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(
        ["ToolCallPre/Pre", "ToolCallHeld/Held", "ToolCallResumed/Resumed", "ToolCallPost/Post"]));
        Assert.That((await host.EventsAsync()).Select(e => e.Request.ActionAttestationId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Resume_SynchronousTool_RunsToo()
    {
        await using var host = Host(out var tools);
        var held = Assert.Throws<StepUpRequiredException>(() => host.Get<IRefundTools>().RefundNow("A-1")).HeldCall!;
        Resolve(host, ScriptedEnforcer.Allow);

        using (host.Get<IThothHolds>().Resume(held))
        {
            host.Get<IRefundTools>().RefundNow("A-1");
        }

        Assert.That(tools.Runs, Is.EqualTo(["A-1"]));
    }

    [Test]
    public async Task Resume_Modified_RunsWithTheApproversArguments()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);
        Resolve(host, ScriptedEnforcer.Modify("""{"order":"A-1","amount":100}"""));

        using (host.Get<IThothHolds>().Resume(held))
        {
            await host.Get<IRefundTools>().RefundAsync("A-1", 250);
        }

        Assert.That(tools.Runs, Is.EqualTo(["A-1:100"]));
    }

    [Test]
    public async Task Resume_StillPending_IsHeldAgainUnderTheSameId()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);

        using (host.Get<IThothHolds>().Resume(held))
        {
            var again = await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Get<IRefundTools>().RefundAsync("A-1", 250));
            Assert.That(again!.HeldCall!.Id, Is.EqualTo(held.Id));
        }

        Assert.That(tools.Runs, Is.Empty);
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Resume_Denied_IsRejectedWithTheApproversReason()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);
        Resolve(host, ScriptedEnforcer.Block);

        using (host.Get<IThothHolds>().Resume(held))
        {
            var refused = await Assert.ThrowsAsync<StepUpRejectedException>(() => host.Get<IRefundTools>().RefundAsync("A-1", 250));
            Assert.That(refused!.Reason, Is.EqualTo("no"));
        }

        Assert.That(tools.Runs, Is.Empty);
        Assert.That((await host.EventNamesAsync())[^1], Is.EqualTo("ToolCallBlock/Block"));
    }

    [Test]
    public async Task Resume_OtherArguments_AreDecidedAnew()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);
        Resolve(host, ScriptedEnforcer.Allow);

        using (host.Get<IThothHolds>().Resume(held))
        {
            Assert.That(() => host.Get<IRefundTools>().RefundAsync("A-1", 70_000), Throws.TypeOf<StepUpRequiredException>());
        }

        Assert.That(tools.Runs, Is.Empty);
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Resume_Replayed_RunsNothing()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);
        Resolve(host, ScriptedEnforcer.Allow);
        var holds = host.Get<IThothHolds>();
        await ResumeAsync();

        var refused = await Assert.ThrowsAsync<PolicyViolationException>(ResumeAsync);

        Assert.That(refused!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpApprovalUsed));
        Assert.That(tools.Runs, Has.Count.EqualTo(1));

        async Task ResumeAsync()
        {
            using (holds.Resume(held))
            {
                await host.Get<IRefundTools>().RefundAsync("A-1", 250);
            }
        }
    }

    [Test]
    public async Task Resume_TwoCallsInOneScope_OnlyTheFirstIsTheHeldOne()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);
        Resolve(host, ScriptedEnforcer.Allow);

        using (host.Get<IThothHolds>().Resume(held))
        {
            await host.Get<IRefundTools>().RefundAsync("A-1", 250);
            Assert.That(() => host.Get<IRefundTools>().RefundAsync("A-1", 250), Throws.TypeOf<StepUpRequiredException>());
        }

        Assert.That(tools.Runs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Resume_Parallel_RunsOnce()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);
        Resolve(host, ScriptedEnforcer.Allow);
        var holds = host.Get<IThothHolds>();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            using (holds.Resume(held))
            {
                try
                {
                    return await host.Get<IRefundTools>().RefundAsync("A-1", 250);
                }
                catch (ThothException)
                {
                    return "refused";
                }
            }
        })));

        Assert.That(outcomes.Count(outcome => outcome == "done"), Is.EqualTo(1));
        Assert.That(tools.Runs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Resume_OtherSessionOrUser_IsRefused()
    {
        await using var host = Host(out _);
        HeldCall held;
        using (host.Sessions.GetOrStart("conv-1", new() { UserId = "ada" }).Enter())
        {
            (held, _) = await HoldAsync(host);
        }

        var holds = host.Get<IThothHolds>();
        Assert.That(() => holds.Resume(held), Throws.InvalidOperationException);
        using (host.Sessions.Start(new() { SessionId = "conv-1", UserId = "eve" }))
        {
            Assert.That(() => holds.Resume(held), Throws.InvalidOperationException);
        }
    }

    [Test]
    public async Task EqualCall_InTheSameSession_IsTheHeldCall()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);

        var (again, _) = await HoldAsync(host);
        Resolve(host, ScriptedEnforcer.Allow);
        var result = await host.Get<IRefundTools>().RefundAsync("A-1", 250);

        Assert.That(again.Id, Is.EqualTo(held.Id));
        Assert.That(result, Is.EqualTo("done"));
        Assert.That(host.Enforcer.Requests, Has.Count.EqualTo(1));
        Assert.That(tools.Runs, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task TooManyHeldCalls_InOneSession_AreRefused()
    {
        await using var host = Host(out _, options => options.StepUp.MaxHeldCalls = 2);
        for (var i = 0; i < 2; i++)
        {
            Assert.That(() => host.Get<IRefundTools>().RefundAsync("A-1", i), Throws.TypeOf<StepUpRequiredException>());
        }

        var refused = await Assert.ThrowsAsync<PolicyViolationException>(() => host.Get<IRefundTools>().RefundAsync("A-1", 3));

        Assert.That(refused!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.TooManyHeldCalls));
    }

    [Test]
    public async Task Peek_DoesNotUseTheApproval_AndTheResponseIsKept()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);
        var holds = host.Get<IThothHolds>();
        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Pending));

        Resolve(host, ScriptedEnforcer.Allow, once: true);
        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Pending), "within the poll interval nobody is asked");
        host.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Approved));
        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Approved));

        using (holds.Resume(held))
        {
            await host.Get<IRefundTools>().RefundAsync("A-1", 250);
        }

        Assert.That(tools.Runs, Has.Count.EqualTo(1));
        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Used));
        Assert.That(_polls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Peek_EnforcerThatFails_LeavesTheCallPending()
    {
        await using var host = Host(out _);
        var (held, _) = await HoldAsync(host);
        host.Enforcer.Hold = (_, _, _) => throw new IOException("down");

        Assert.That(await host.Get<IThothHolds>().PeekAsync(held), Is.EqualTo(HeldCallState.Pending));
    }

    [Test]
    public async Task Expired_IsRecordedAsBlockedOnce_AndRunsNothing()
    {
        await using var host = Host(out var tools);
        var (held, _) = await HoldAsync(host);
        Resolve(host, ScriptedEnforcer.Allow);

        host.Time.Advance(TimeSpan.FromMinutes(15));

        var holds = host.Get<IThothHolds>();
        var events = 0;
        await Eventually.TrueAsync(() => events == 3, "the end of the call is recorded", async () => events = (await host.EventNamesAsync()).Length);
        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Expired));
        using (holds.Resume(held))
        {
            var refused = await Assert.ThrowsAsync<StepUpRejectedException>(() => host.Get<IRefundTools>().RefundAsync("A-1", 250));
            Assert.That(refused!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpTimeout));
        }

        Assert.That(tools.Runs, Is.Empty);
        var block = (await host.EventsAsync())[2];
        Assert.That((block.Type, block.Decision!.SdkReasonCode), Is.EqualTo((BehavioralEventType.ToolCallBlock, SdkReasonCodes.StepUpTimeout)));
    }

    [Test]
    public async Task List_ShowsTheSessionsHeldCalls()
    {
        await using var host = Host(out _);
        var session = host.Sessions.GetOrStart("conv-1");
        HeldCall held;
        using (session.Enter())
        {
            (held, _) = await HoldAsync(host);
        }

        var holds = host.Get<IThothHolds>();
        Assert.That((await holds.ListAsync(session)).Select(call => call.Id), Is.EqualTo([held.Id]));
        Assert.That(await holds.ListAsync(), Is.Empty);
        Assert.That((await holds.GetAsync(held.Id))!.ToolName, Is.EqualTo("refund"));
        Assert.That(await holds.GetAsync("unknown"), Is.Null);
    }

    [Test]
    public async Task Resume_Cancelled_KeepsTheApprovalForTheNextTime()
    {
        await using var host = Host(out var tools, out var withToken);
        var held = (await Assert.ThrowsAsync<StepUpRequiredException>(() => withToken("A-1", CancellationToken.None)))!.HeldCall!;
        var response = new TaskCompletionSource<HoldStatus>();
        host.Enforcer.Hold = (_, _, _) => new(response.Task);
        using var aborted = new CancellationTokenSource();
        Task call;
        using (host.Get<IThothHolds>().Resume(held))
        {
            call = withToken("A-1", aborted.Token);
            await aborted.CancelAsync();
        }

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        response.SetResult(HoldStatus.Resolved(ScriptedEnforcer.Allow));
        host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(HoldStatus.NotFound());
        var state = HeldCallState.Pending;
        await Eventually.TrueAsync(
            () => state == HeldCallState.Approved, "the response is stored", async () => state = await host.Get<IThothHolds>().PeekAsync(held));
        Assert.That(tools.Runs, Is.Empty);

        using (host.Get<IThothHolds>().Resume(held))
        {
            await withToken("A-1", CancellationToken.None);
        }

        Assert.That(tools.Runs, Is.EqualTo(["A-1"]));
    }

    private readonly List<EnforcementRequest> _polls = [];

    [SetUp]
    public void ForgetPolls() => _polls.Clear();

    private GovernedHost Host(out RefundTools tools, Action<ThothOptions>? configure = null) => Host(out tools, configure, out _);

    private GovernedHost Host(out RefundTools tools, out Func<string, CancellationToken, Task<string>> token) => Host(out tools, null, out token);

    private GovernedHost Host(out RefundTools tools, Action<ThothOptions>? configure, out Func<string, CancellationToken, Task<string>> withToken)
    {
        var target = tools = new RefundTools();
        var host = GovernedHost.For<IRefundTools>(tools, options =>
        {
            options.StepUp.Mode = StepUpMode.Throw;
            configure?.Invoke(options);
        });
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = Token, Reason = "Refunds need an approval." };
        host.Enforcer.Hold = (_, request, _) =>
        {
            _polls.Add(request);
            return ValueTask.FromResult(HoldStatus.Pending());
        };
        withToken = host.Get<IToolGovernor>().WrapTool("cancellable", (string order, CancellationToken _) =>
        {
            target.Runs.Add(order);
            return Task.FromResult("done");
        });
        return host;
    }

    private void Resolve(GovernedHost host, EnforcementDecision decision, bool once = false)
    {
        var delivered = false;
        host.Enforcer.Hold = (_, request, _) =>
        {
            _polls.Add(request);
            var status = once && delivered ? HoldStatus.NotFound() : HoldStatus.Resolved(decision);
            delivered = true;
            return ValueTask.FromResult(status);
        };
    }

    private static async Task<(HeldCall Held, StepUpRequiredException Exception)> HoldAsync(GovernedHost host)
    {
        var exception = await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Get<IRefundTools>().RefundAsync("A-1", 250));
        return (exception!.HeldCall!, exception);
    }
}
