using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.LocalPolicy.Engine;
using Thoth.Interception.Tests.LocalPolicy.Support;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Holds;

/// <summary>Calls that a policy file holds, with a real approver: resumed hours later, or waited for and given up.</summary>
public sealed class HeldByPolicyTests
{
    private const string Policy = """
        { "rules": [
          { "id": "two-payouts", "tools": "payout", "when": { "history": { "count": { "tools": "payout", "at_least": 2 } } }, "decision": "block" },
          { "id": "approve", "tools": "*", "decision": "step_up", "timeout_seconds": 43200, "reason": "A person decides." }
        ] }
        """;

    public interface IMoneyTools
    {
        Task<string> RefundAsync(string order, CancellationToken cancellationToken = default);

        Task<string> PayoutAsync(string order);

        string Pay(string order, CancellationToken cancellationToken = default);

        IAsyncEnumerable<string> ListAsync(string order, CancellationToken cancellationToken = default);
    }

    [Test]
    public async Task Held_AnsweredHoursLater_RunsOnce()
    {
        using var host = new PolicyHost(StepUpMode.Throw);
        var held = await HoldAsync(() => host.Tools.RefundAsync("A-1"));
        var shown = await host.Approver.Called;

        Assert.That(shown.ToolName, Is.EqualTo("refund"), "the approver is called when the call is held");
        Assert.That(await host.Holds.PeekAsync(held), Is.EqualTo(HeldCallState.Pending));
        host.Time.Advance(TimeSpan.FromHours(9));
        Assert.That(await host.Holds.PeekAsync(held), Is.EqualTo(HeldCallState.Pending), "a peek does not end the hold");
        Assert.That(await host.Holds.ResolveAsync(held, ApprovalAnswer.Approve("grace", "fine")));
        Assert.That(await host.Holds.ResolveAsync(held, ApprovalAnswer.Deny("eve")), Is.False, "the first answer counts");
        host.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await host.Holds.PeekAsync(held), Is.EqualTo(HeldCallState.Approved));
        host.Time.Advance(TimeSpan.FromHours(1));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => host.ResumeAsync(held))));

        Assert.That(outcomes.Count(outcome => outcome == "done"), Is.EqualTo(1));
        Assert.That(host.Runs, Is.EqualTo(["A-1"]));
        Assert.That(host.Approver.Token.IsCancellationRequested, "an approver that was not needed is told");
    }

    [Test]
    public async Task Held_DeniedLater_IsRejectedWithTheReason()
    {
        using var host = new PolicyHost(StepUpMode.Throw);
        var held = await HoldAsync(() => host.Tools.RefundAsync("A-1"));
        await host.Holds.ResolveAsync(held, ApprovalAnswer.Deny("grace", "too much"));

        Assert.That(await host.ResumeAsync(held), Is.EqualTo("too much"));
        Assert.That(host.Runs, Is.Empty);
    }

    [Test]
    public async Task Held_ApprovedByTheApprover_IsSeenByAPeek()
    {
        using var host = new PolicyHost(StepUpMode.Throw);
        var held = await HoldAsync(() => host.Tools.RefundAsync("A-1"));
        host.Approver.Answer(ApprovalAnswer.Approve("grace"));

        var state = HeldCallState.Pending;
        await Eventually.TrueAsync(() => state == HeldCallState.Approved, "the answer is seen", async () =>
        {
            host.Time.Advance(TimeSpan.FromSeconds(5));
            state = await host.Holds.PeekAsync(held);
        });
        Assert.That(await host.ResumeAsync(held), Is.EqualTo("done"));
    }

    [Test]
    public async Task Held_AnsweredByThisProcess_IsSeenByTheNextPeek()
    {
        using var host = new PolicyHost(StepUpMode.Throw);
        var held = await HoldAsync(() => host.Tools.RefundAsync("A-1"));

        Assert.That(await host.Holds.PeekAsync(held), Is.EqualTo(HeldCallState.Pending));
        Assert.That(await host.Holds.ResolveAsync(held, ApprovalAnswer.Approve("grace")), Is.True);
        Assert.That(await host.Holds.PeekAsync(held), Is.EqualTo(HeldCallState.Approved));
    }

    [Test]
    public async Task Held_NotAnswered_ExpiresInBothPlaces()
    {
        using var host = new PolicyHost(StepUpMode.Throw);
        var held = await HoldAsync(() => host.Tools.RefundAsync("A-1"));

        host.Time.Advance(TimeSpan.FromHours(12));

        Assert.That(await host.Holds.PeekAsync(held), Is.EqualTo(HeldCallState.Expired));
        Assert.That(await host.Holds.ResolveAsync(held, ApprovalAnswer.Approve("grace")), Is.False);
        Assert.That(await host.ResumeAsync(held), Does.Contain("timeout"));
    }

    [Test]
    public async Task Count_IsCheckedWhenTheApprovalIsUsed()
    {
        using var host = new PolicyHost(StepUpMode.Throw);
        List<HeldCall> held = [];
        foreach (var order in (string[])["A-1", "A-2", "A-3"])
        {
            held.Add(await HoldAsync(() => host.Tools.PayoutAsync(order)));
        }

        var outcomes = new List<string>();
        for (var i = 0; i < held.Count; i++)
        {
            await host.Holds.ResolveAsync(held[i], ApprovalAnswer.Approve("grace"));
            using (host.Holds.Resume(held[i]))
            {
                outcomes.Add(await OutcomeAsync(() => host.Tools.PayoutAsync($"A-{i + 1}")));
            }
        }

        Assert.That(outcomes.Take(2), Is.All.EqualTo("done"));
        Assert.That(outcomes[2], Is.Not.EqualTo("done"));
        Assert.That(host.Runs, Is.EqualTo(["A-1", "A-2"]));
    }

    [Test]
    public async Task Count_ResumedInParallel_CountsOnce()
    {
        using var host = new PolicyHost(StepUpMode.Throw);
        var first = await HoldAsync(() => host.Tools.PayoutAsync("A-1"));
        var second = await HoldAsync(() => host.Tools.PayoutAsync("A-2"));
        var third = await HoldAsync(() => host.Tools.PayoutAsync("A-3"));
        foreach (var held in (HeldCall[])[first, second, third])
        {
            await host.Holds.ResolveAsync(held, ApprovalAnswer.Approve("grace"));
        }

        var calls = from held in (HeldCall[])[first, second, third]
                    from attempt in Enumerable.Range(0, 8)
                    select (Held: held, Order: held == first ? "A-1" : held == second ? "A-2" : "A-3");
        await Task.WhenAll(calls.ToList().Select(call => Task.Run(async () =>
        {
            using (host.Holds.Resume(call.Held))
            {
                await OutcomeAsync(() => host.Tools.PayoutAsync(call.Order));
            }
        })));

        Assert.That(host.Runs, Has.Count.EqualTo(2), "a call that lost the approval does not take the count of the winner back");
    }

    [TestCase("task")]
    [TestCase("sync")]
    [TestCase("stream")]
    public async Task Waiting_CallerGaveUp_TheToolNeverRuns(string kind)
    {
        using var host = new PolicyHost(StepUpMode.Wait);
        using var aborted = new CancellationTokenSource();
        var call = Task.Run(() => kind switch
        {
            "task" => host.Tools.RefundAsync("A-1", aborted.Token),
            "sync" => Task.FromResult(host.Tools.Pay("A-1", aborted.Token)),
            _ => FirstOfAsync(host.Tools.ListAsync("A-1", aborted.Token)),
        });
        await host.Approver.Called;

        await aborted.CancelAsync();

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        host.Approver.Answer(ApprovalAnswer.Approve("grace"));
        await Eventually.TrueAsync(() => host.Approver.HasAnswered, "the approver's answer arrives");
        host.Time.Advance(TimeSpan.FromHours(12));
        await Eventually.YieldAsync(100, () => !host.Runs.IsEmpty);
        Assert.That(host.Runs, Is.Empty);
    }

    [Test]
    public async Task ManySynchronousCalls_BlockAFewThreads()
    {
        using var host = new PolicyHost(StepUpMode.Wait, options => options.StepUp.MaxWaitingThreads = 4);
        using var end = new CancellationTokenSource();
        var codes = new ConcurrentBag<string?>();
        var threads = Enumerable.Range(0, 60).Select(i => new Thread(() =>
        {
            try
            {
                host.Tools.Pay($"A-{i}", end.Token);
            }
            catch (PolicyViolationException e)
            {
                codes.Add(e.SdkReasonCode);
            }
            catch (OperationCanceledException)
            {
                codes.Add("cancelled");
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());

        await Eventually.TrueAsync(() => codes.Count == 56, "56 of 60 calls are refused at once");
        Assert.That(codes, Is.All.EqualTo(SdkReasonCodes.TooManyWaitingThreads));
        await Eventually.TrueAsync(
            () => host.OpenHolds == 4, "the holds of the refused calls end, so that approvers do not see them", () => host.Time.Advance(TimeSpan.FromMilliseconds(10)));
        await end.CancelAsync();
        threads.ForEach(static thread => thread.Join());
        Assert.That(codes.Count(code => code == "cancelled"), Is.EqualTo(4));
        Assert.That(host.Runs, Is.Empty);
    }

    private static async Task<string> FirstOfAsync(IAsyncEnumerable<string> items)
    {
        await foreach (var item in items)
        {
            return item;
        }

        return "";
    }

    private static async Task<HeldCall> HoldAsync(Func<Task<string>> call) => (await Assert.ThrowsAsync<StepUpRequiredException>(() => call()))!.HeldCall!;

    private static async Task<string> OutcomeAsync(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (PolicyViolationException e)
        {
            return e.Reason;
        }
        catch (StepUpRequiredException)
        {
            return "held";
        }
    }

    private sealed class WaitingApprover : IApprover
    {
        private readonly TaskCompletionSource<ApprovalRequest> _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<ApprovalAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _hasAnswered;

        public Task<ApprovalRequest> Called => _called.Task;

        public CancellationToken Token { get; private set; }

        public bool HasAnswered => _hasAnswered;

        public void Answer(ApprovalAnswer answer) => _answer.SetResult(answer);

        /// <summary>An approver that does not observe its token.</summary>
        public async ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
        {
            Token = cancellationToken;
            _called.TrySetResult(request);
            var answer = await _answer.Task;
            _hasAnswered = true;
            return answer;
        }
    }

    private sealed class PolicyHost : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly ServiceProvider _services;

        public PolicyHost(StepUpMode mode, Action<ThothOptions>? configure = null)
        {
            var services = new ServiceCollection();
            services.AddSingleton<TimeProvider>(Time);
            services.AddThoth(options =>
            {
                (options.TenantId, options.AgentId) = ("acme", "support");
                (options.StepUp.Mode, options.StepUp.Timeout) = (mode, TimeSpan.FromHours(24));
                configure?.Invoke(options);
            }).UseLocalPolicy(_folder.Write("p.json", Policy)).UseApprover(Approver);
            services.AddSingleton<IMoneyTools>(new MoneyTools(Runs)).AddGovernedTools<IMoneyTools>();
            _services = services.BuildServiceProvider();
        }

        public FakeTimeProvider Time { get; } = new();

        public WaitingApprover Approver { get; } = new();

        public ConcurrentQueue<string> Runs { get; } = [];

        public IMoneyTools Tools => _services.GetRequiredService<IMoneyTools>();

        public int OpenHolds => ((LocalPolicyEnforcer)_services.GetRequiredService<IEnforcer>()).Holds.Count;

        public IThothHolds Holds => _services.GetRequiredService<IThothHolds>();

        public async Task<string> ResumeAsync(HeldCall held)
        {
            using (Holds.Resume(held))
            {
                return await OutcomeAsync(() => Tools.RefundAsync("A-1"));
            }
        }

        public void Dispose()
        {
            _services.Dispose();
            _folder.Dispose();
        }
    }

    private sealed class MoneyTools(ConcurrentQueue<string> runs) : IMoneyTools
    {
        public Task<string> RefundAsync(string order, CancellationToken cancellationToken = default) => Task.FromResult(Pay(order, cancellationToken));

        public Task<string> PayoutAsync(string order) => Task.FromResult(Pay(order));

        public string Pay(string order, CancellationToken cancellationToken = default)
        {
            runs.Enqueue(order);
            return "done";
        }

        public async IAsyncEnumerable<string> ListAsync(string order, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return Pay(order, cancellationToken);
        }
    }
}
