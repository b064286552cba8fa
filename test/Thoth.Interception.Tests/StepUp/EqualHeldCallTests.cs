using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Engine;
using Thoth.Interception.StepUp;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.StepUp;

/// <summary>Equal calls that are evaluated at the same moment are one held call.</summary>
public class EqualHeldCallTests
{
    private const string Policy =
        """
        {
          "rules": [{ "id": "approve", "tools": "*", "decision": "step_up", "timeout_seconds": 600, "reason": "A person decides." }]
        }
        """;

    public interface IRefundTools
    {
        Task<string> RefundAsync(string order);
    }

    private sealed class RefundTools : IRefundTools
    {
        public Task<string> RefundAsync(string order) => Task.FromResult("done");
    }

    [Test]
    public async Task EqualCalls_EvaluatedAtOnce_AreOneHeldCallAndTheOthersHoldsAreWithdrawn()
    {
        await using var host = GovernedHost.Create(
            services => services.AddSingleton<IRefundTools>(new RefundTools()).AddGovernedTools<IRefundTools>(),
            static options => options.StepUp.Mode = StepUpMode.Throw);
        var (gate, tokens, polled) = (new TaskCompletionSource(), 0, new ConcurrentBag<string>());
        host.Enforcer.DecideAsync = async (_, _) =>
        {
            await gate.Task;
            return new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = $"t{Interlocked.Increment(ref tokens)}" };
        };
        host.Enforcer.Hold = (token, _, _) =>
        {
            polled.Add(token);
            return ValueTask.FromResult(HoldStatus.Pending());
        };
        var calls = Enumerable.Range(0, 16).Select(_ => Task.Run(() => HoldAsync(host.Get<IRefundTools>()))).ToList();
        await Eventually.TrueAsync(() => host.Enforcer.Requests.Count == calls.Count, "every call is evaluated");

        gate.SetResult();
        var held = await Task.WhenAll(calls);

        Assert.That(held.Select(call => call.Id).Distinct(), Has.One.Items);
        Assert.That(await host.Get<IHeldCallStore>().ListAsync(null, default), Has.Count.EqualTo(1));
        await Eventually.TrueAsync(() => polled.Count == 15, "the other holds are withdrawn");
        var stored = HeldCallData.Of((await host.Get<IHeldCallStore>().GetAsync(held[0].Id, default))!).Decision.HoldToken;
        Assert.That(polled, Is.Unique.And.No.Member(stored));
        var events = await host.EventsAsync();
        Assert.That(events.Count(e => e.Phase == EventPhase.Held), Is.EqualTo(1));
        Assert.That(
            events.Where(e => e.Type == BehavioralEventType.ToolCallBlock).Select(e => e.Decision!.SdkReasonCode),
            Is.EqualTo(Enumerable.Repeat(SdkReasonCodes.HeldCallJoined, 15)), "each call has one end");
    }

    [Test]
    public async Task EqualCall_OfOneThatCannotBeStored_IsStoredItself()
    {
        var store = new SlowStore();
        await using var host = GovernedHost.Create(
            services => services.AddSingleton<IHeldCallStore>(store).AddSingleton<IRefundTools>(new RefundTools()).AddGovernedTools<IRefundTools>(),
            static options => options.StepUp.Mode = StepUpMode.Throw);
        host.Enforcer.Decide = _ => new EnforcementDecision { Type = DecisionType.StepUp, HoldToken = "t" };
        var tools = host.Get<IRefundTools>();
        var first = tools.RefundAsync("A-1");
        var second = tools.RefundAsync("A-1");
        var other = tools.RefundAsync("A-2");
        Assert.That(store.Waiting, Has.Count.EqualTo(2), "the equal call waits for the first one, another one does not");

        store.Waiting[0].SetException(new IOException("full"));
        store.Waiting[1].SetResult();
        var refused = await Assert.ThrowsAsync<PolicyViolationException>(() => first);
        await Eventually.TrueAsync(() => store.Waiting.Count == 3, "the second one is stored");
        store.Waiting[2].SetResult();

        Assert.That(refused!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.HeldCallNotStored));
        Assert.That((await Assert.ThrowsAsync<StepUpRequiredException>(() => second))!.HeldCall, Is.Not.Null);
        Assert.That((await Assert.ThrowsAsync<StepUpRequiredException>(() => other))!.HeldCall, Is.Not.Null);
    }

    [Test]
    public async Task LocalPolicy_EqualCallsAtOnce_AskTheApproverAboutOne()
    {
        using var folder = new TemporaryFolder();
        var approver = new WaitingApprover();
        var services = new ServiceCollection();
        services.AddThoth(options => (options.TenantId, options.AgentId, options.StepUp.Mode) = ("acme", "agent", StepUpMode.Throw))
            .UseLocalPolicy(folder.Write("p.json", Policy))
            .UseApprover(approver);
        services.AddSingleton<IRefundTools>(new RefundTools()).AddGovernedTools<IRefundTools>();
        await using var provider = services.BuildServiceProvider();
        var tools = provider.GetRequiredService<IRefundTools>();
        using var start = new Barrier(8);

        var held = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return HoldAsync(tools);
            },
            default, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

        Assert.That(held.Select(call => call.Id).Distinct(), Has.One.Items);
        var enforcer = (LocalPolicyEnforcer)provider.GetRequiredService<IEnforcer>();
        await Eventually.TrueAsync(() => enforcer.Holds.Count == 1, "the other holds are withdrawn");
        await Eventually.TrueAsync(() => approver.Asked - approver.Cancelled == 1, "the approver is asked about one call");
    }

    private static async Task<HeldCall> HoldAsync(IRefundTools tools) =>
        (await Assert.ThrowsAsync<StepUpRequiredException>(() => tools.RefundAsync("A-1")))!.HeldCall!;

    private sealed class WaitingApprover : IApprover
    {
        private int _asked;
        private int _cancelled;

        public int Asked => Volatile.Read(ref _asked);

        public int Cancelled => Volatile.Read(ref _cancelled);

        public async ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                Interlocked.Increment(ref _cancelled);
            }

            throw new InvalidOperationException();
        }
    }

    /// <summary>A store whose writes end when the test says so.</summary>
    private sealed class SlowStore : IHeldCallStore
    {
        private readonly InMemoryHeldCallStore _inner = new();

        public List<TaskCompletionSource> Waiting { get; } = [];

        public async ValueTask<HeldCallEntry> AddAsync(HeldCallEntry entry, CancellationToken cancellationToken)
        {
            var stored = new TaskCompletionSource();
            Waiting.Add(stored);
            await stored.Task;
            return await _inner.AddAsync(entry, cancellationToken);
        }

        public ValueTask<HeldCallEntry?> GetAsync(string id, CancellationToken cancellationToken) => _inner.GetAsync(id, cancellationToken);

        public ValueTask<IReadOnlyList<HeldCallEntry>> ListAsync(string? sessionId, CancellationToken cancellationToken) => _inner.ListAsync(sessionId, cancellationToken);

        public ValueTask<bool> TryReplaceAsync(HeldCallEntry entry, CancellationToken cancellationToken) => _inner.TryReplaceAsync(entry, cancellationToken);

        public ValueTask RemoveAsync(string id, CancellationToken cancellationToken) => _inner.RemoveAsync(id, cancellationToken);
    }
}
