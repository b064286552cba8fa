using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.StepUp;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.StepUp;

/// <summary>A held call ends once, in its events, its session and its store, whatever became of it.</summary>
public class HeldCallEndTests
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(15);

    public interface IRefundTools
    {
        Task<string> RefundAsync(string order, CancellationToken cancellationToken = default);
    }

    private sealed class RefundTools : IRefundTools
    {
        public Task<string> RefundAsync(string order, CancellationToken cancellationToken = default) => Task.FromResult("done");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task DeniedInAPeek_NotResumed_IsRecordedWithTheDenial(bool peeked)
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        Resolve(host, peeked ? HoldStatus.Peeked(ScriptedEnforcer.Block) : HoldStatus.Resolved(ScriptedEnforcer.Block));
        Assert.That(await host.Get<IThothHolds>().PeekAsync(held), Is.EqualTo(HeldCallState.Denied));

        host.Time.Advance(s_lifetime);

        await LeavesTheStoreAsync(host, held);
        var events = await host.EventsAsync();
        Assert.That(events.Select(e => e.Phase), Is.EqualTo([EventPhase.Pre, EventPhase.Held, EventPhase.Block]));
        Assert.That((events[2].Decision!.Type, events[2].Decision!.Reason), Is.EqualTo((DecisionType.Block, "no")));
    }

    [Test]
    public async Task DeniedInAPeek_Resumed_IsRejected()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        Resolve(host, HoldStatus.Peeked(ScriptedEnforcer.Block));
        await host.Get<IThothHolds>().PeekAsync(held);

        Assert.That((await RefusalAsync<StepUpRejectedException>(host, held)).Reason, Is.EqualTo("no"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Resumed_Call_LeavesTheSessionAtOnceAndTheStoreAtItsExpiry(bool approve)
    {
        await using var host = Host();
        var session = host.Sessions.GetOrStart("conv-1");
        HeldCall held;
        using (session.Enter())
        {
            held = await HoldAsync(host);
        }

        Assert.That(session.IsInUse);
        Resolve(host, HoldStatus.Resolved(approve ? ScriptedEnforcer.Allow : ScriptedEnforcer.Block));
        using (session.Enter())
        using (host.Get<IThothHolds>().Resume(held))
        {
            try
            {
                await host.Get<IRefundTools>().RefundAsync("A-1");
            }
            catch (StepUpRejectedException)
            {
                // Denied.
            }
        }

        Assert.That((session.IsInUse, session.HeldCount, await IsStoredAsync(host, held)), Is.EqualTo((false, 0, true)));
        var recorded = (await host.EventNamesAsync()).Length;
        host.Time.Advance(s_lifetime);
        await LeavesTheStoreAsync(host, held);
        Assert.That(await host.EventNamesAsync(), Has.Length.EqualTo(recorded), "the end was recorded before");
    }

    [Test]
    public async Task Expired_AndResumedAfterwards_HasOneEnd()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        host.Time.Advance(s_lifetime);
        await LeavesTheStoreAsync(host, held);

        await RefusalAsync<StepUpRejectedException>(host, held);

        var blocks = (await host.EventsAsync()).Where(e => e.Type == BehavioralEventType.ToolCallBlock).ToList();
        Assert.That(blocks.Single().EventId, Does.StartWith("acme:"));
    }

    [Test]
    public async Task NotFound_ThreeTimesInARow_EndsTheCall()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        Resolve(host, HoldStatus.NotFound("gone"));
        var holds = host.Get<IThothHolds>();
        var states = new List<HeldCallState>();
        for (var i = 0; i < 3; i++)
        {
            states.Add(await holds.PeekAsync(held));
            host.Time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.That(states, Is.EqualTo([HeldCallState.Pending, HeldCallState.Pending, HeldCallState.Expired]));
        Assert.That((await RefusalAsync<PolicyViolationException>(host, held)).SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpPollRejected));
    }

    [Test]
    public async Task UsedByAnotherProcess_EqualCall_IsRefusedOnceAndThenDecidedAnew()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        var store = host.Get<IHeldCallStore>();
        var entry = (await store.GetAsync(held.Id, default))!;
        await store.TryReplaceAsync(entry with { Version = entry.Version + 1, State = HeldCallState.Used }, default);

        var refused = await Assert.ThrowsAsync<PolicyViolationException>(() => host.Get<IRefundTools>().RefundAsync("A-1"));
        var again = await HoldAsync(host);

        Assert.That(refused!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.StepUpApprovalUsed));
        Assert.That(again.Id, Is.Not.EqualTo(held.Id));
    }

    [Test]
    public async Task ManyCallsInParallel_DoNotExceedTheLimit()
    {
        await using var host = Host(options => options.StepUp.MaxHeldCalls = 5);
        var codes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(async () =>
        {
            try
            {
                return await host.Get<IRefundTools>().RefundAsync($"A-{i}");
            }
            catch (StepUpRequiredException)
            {
                return "held";
            }
            catch (PolicyViolationException e)
            {
                return e.SdkReasonCode;
            }
        })));

        Assert.That(codes.Count(code => code == "held"), Is.EqualTo(5));
        Assert.That(codes.Count(code => code == SdkReasonCodes.TooManyHeldCalls), Is.EqualTo(59));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task StoreThatFails_RefusesTheCallAndFreesTheSession(bool cancelled)
    {
        using var aborted = new CancellationTokenSource();
        await using var host = Host(store: new FailingStore(() =>
        {
            if (cancelled)
            {
                aborted.Cancel();
            }
        }));
        var session = host.Sessions.GetOrStart("conv-1");
        var withdrawn = 0;
        host.Enforcer.Hold = (_, _, _) =>
        {
            Interlocked.Increment(ref withdrawn);
            return ValueTask.FromResult(HoldStatus.Pending());
        };

        using (session.Enter())
        {
            Assert.That(
                () => host.Get<IRefundTools>().RefundAsync("A-1", aborted.Token),
                cancelled ? Throws.InstanceOf<OperationCanceledException>()
                    : Throws.TypeOf<PolicyViolationException>().With.Property("SdkReasonCode").EqualTo(SdkReasonCodes.HeldCallNotStored));
        }

        Assert.That((session.IsInUse, session.HeldCount), Is.EqualTo((false, 0)));
        Assert.That((await host.EventsAsync())[^1].Type, Is.EqualTo(BehavioralEventType.ToolCallBlock));
        await Eventually.TrueAsync(() => withdrawn == 1, "no person is asked about the call");
    }

    [Test]
    public async Task UnknownToAnEnforcerThatWasRestarted_IsRecordedWhenItExpires()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        Resolve(host, HoldStatus.Peeked(ScriptedEnforcer.Block with { DecisionReasonCode = "unknown_hold" }));
        Assert.That(await host.Get<IThothHolds>().PeekAsync(held), Is.EqualTo(HeldCallState.Denied));

        host.Time.Advance(s_lifetime);

        await LeavesTheStoreAsync(host, held);
        Assert.That(await host.EventNamesAsync(), Has.One.EqualTo("ToolCallBlock/Block"));
    }

    [Test]
    public async Task Resume_CancelledWhilePolling_StaysHeld()
    {
        await using var host = Host();
        var held = await HoldAsync(host);
        var response = new TaskCompletionSource<HoldStatus>();
        host.Enforcer.Hold = (_, _, _) => new(response.Task);
        using var aborted = new CancellationTokenSource();
        using (host.Get<IThothHolds>().Resume(held))
        {
            var call = host.Get<IRefundTools>().RefundAsync("A-1", aborted.Token);
            await aborted.CancelAsync();
            Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(
        ["ToolCallPre/Pre", "ToolCallHeld/Held", "ToolCallResumed/Resumed", "ToolCallHeld/Held"]));
    }

    private static async Task<bool> IsStoredAsync(GovernedHost host, HeldCall held) =>
        await host.Get<IHeldCallStore>().GetAsync(held.Id, default) is not null;

    private static async Task LeavesTheStoreAsync(GovernedHost host, HeldCall held)
    {
        var isStored = true;
        await Eventually.TrueAsync(() => !isStored, "the call leaves the store", async () => isStored = await IsStoredAsync(host, held));
    }

    private static GovernedHost Host(Action<ThothOptions>? configure = null, IHeldCallStore? store = null)
    {
        var host = GovernedHost.Create(
            services =>
            {
                services.AddSingleton<IRefundTools>(new RefundTools()).AddGovernedTools<IRefundTools>();
                if (store is not null)
                {
                    services.AddSingleton(store);
                }
            },
            options =>
            {
                options.StepUp.Mode = StepUpMode.Throw;
                configure?.Invoke(options);
            });
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "t" };
        return host;
    }

    private static void Resolve(GovernedHost host, HoldStatus status) => host.Enforcer.Hold = (_, _, _) => ValueTask.FromResult(status);

    private static async Task<HeldCall> HoldAsync(GovernedHost host) =>
        (await Assert.ThrowsAsync<StepUpRequiredException>(() => host.Get<IRefundTools>().RefundAsync("A-1")))!.HeldCall!;

    private static async Task<T> RefusalAsync<T>(GovernedHost host, HeldCall held)
        where T : Exception
    {
        using (host.Get<IThothHolds>().Resume(held))
        {
            return (await Assert.ThrowsAsync<T>(() => host.Get<IRefundTools>().RefundAsync("A-1")))!;
        }
    }

    private sealed class FailingStore(Action onAdd) : IHeldCallStore
    {
        private readonly InMemoryHeldCallStore _inner = new();

        public ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken)
        {
            onAdd();
            throw new IOException("full");
        }

        public ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken) => _inner.GetAsync(id, cancellationToken);

        public ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken) => _inner.ListAsync(sessionId, cancellationToken);

        public ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken) => _inner.TryReplaceAsync(entry, cancellationToken);

        public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) => _inner.RemoveAsync(id, cancellationToken);
    }
}
