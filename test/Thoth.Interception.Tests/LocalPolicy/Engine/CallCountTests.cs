using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.LocalPolicy;
using Thoth.Interception.Tests.LocalPolicy.Support;

namespace Thoth.Interception.Tests.LocalPolicy.Engine;

/// <summary>A limit on a session's calls holds for calls that run in parallel, and a call that never began does not use it up.</summary>
public sealed class CallCountTests
{
    private const string FiveRefunds = """
        { "rules": [
          { "id": "refund", "tools": ["refund", "pay_out"], "decision": "allow" },
          { "id": "big", "tools": "refund", "when": { "args.amount": { "greater": 100 } }, "decision": "step_up" },
          { "id": "odd", "tools": "pay_out", "when": { "args.amount": 13 }, "decision": "modify", "modify": { "set": { "args.amount": "thirteen" } } },
          { "id": "five", "tools": ["refund", "pay_out"], "when": { "history": { "count": { "tools": ["refund", "pay_*"], "at_least": 5 } } }, "decision": "block" }
        ] }
        """;

    public interface IRefundTools
    {
        Task<int> RefundAsync(int amount, CancellationToken cancellationToken = default);

        int PayOut(int amount, List<string>? notes = null);
    }

    [Test]
    public async Task Count_SixteenParallelCalls_FiveRun()
    {
        var tools = new RefundTools();
        await using var provider = Build(tools);
        using var session = provider.GetRequiredService<IThothSessions>().Start();
        using var start = new Barrier(16);

        var calls = Enumerable.Range(0, 16).Select(i => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return RefusalOfAsync(() => i % 2 == 0 ? Tools(provider).RefundAsync(1) : Task.FromResult(Tools(provider).PayOut(1)));
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()).ToArray();
        var refusals = await Task.WhenAll(calls);

        Assert.That(tools.Calls, Is.EqualTo(5));
        Assert.That(refusals.Count(code => code == "five"), Is.EqualTo(11));
    }

    [Test]
    public async Task Count_SessionThatStartsAgainWithItsId_Continues()
    {
        var tools = new RefundTools();
        await using var provider = Build(tools);
        var sessions = provider.GetRequiredService<IThothSessions>();
        for (var i = 0; i < 8; i++)
        {
            using var session = sessions.Start(new ThothSessionOptions { SessionId = "chat-7" });
            RefusalOf(() => Tools(provider).PayOut(1));
        }

        Assert.That(tools.Calls, Is.EqualTo(5));
        using var other = sessions.Start(new ThothSessionOptions { SessionId = "chat-8" });
        Assert.That(Tools(provider).PayOut(1), Is.EqualTo(1), "a new id starts at zero");
    }

    [Test]
    public async Task Count_CallsThatNeverBegan_AreGivenBack()
    {
        var tools = new RefundTools();
        await using var provider = Build(tools);
        using var session = provider.GetRequiredService<IThothSessions>().Start();
        for (var i = 0; i < 6; i++)
        {
            Assert.That(RefusalOf(() => Tools(provider).PayOut(13)), Is.EqualTo(SdkReasonCodes.ModifyNotApplicable));
            using var cancelled = new CancellationTokenSource();
            var enforcer = provider.GetRequiredService<CancellingEnforcer>();
            enforcer.AfterDecision = cancelled.Cancel;
            Assert.That(async () => await Tools(provider).RefundAsync(1, cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
            var notes = new List<string>();
            enforcer.AfterDecision = () => notes.Add("changed");
            Assert.That(RefusalOf(() => Tools(provider).PayOut(1, notes)), Is.EqualTo(SdkReasonCodes.ToolArgsChanged));
            enforcer.AfterDecision = null;
        }

        Assert.That(tools.Calls, Is.Zero);
        for (var i = 0; i < 5; i++)
        {
            Assert.That(RefusalOf(() => Tools(provider).PayOut(1)), Is.Null);
        }

        Assert.That(RefusalOf(() => Tools(provider).PayOut(1)), Is.EqualTo("five"));
    }

    [Test]
    public async Task Count_ToolThatThrew_Counts()
    {
        var tools = new RefundTools { Failure = new InvalidOperationException() };
        await using var provider = Build(tools);
        using var session = provider.GetRequiredService<IThothSessions>().Start();
        for (var i = 0; i < 5; i++)
        {
            Assert.That(() => Tools(provider).PayOut(1), Throws.InvalidOperationException);
        }

        Assert.That(RefusalOf(() => Tools(provider).PayOut(1)), Is.EqualTo("five"));
    }

    [Test]
    public async Task Count_SixteenHeldCallsThatAreApproved_FiveRun()
    {
        var tools = new RefundTools();
        var approver = new ManualApprover();
        await using var provider = Build(tools, approver);
        using var session = provider.GetRequiredService<IThothSessions>().Start();

        var calls = Enumerable.Range(0, 16).Select(_ => Tools(provider).RefundAsync(500)).ToArray();
        Assert.That(tools.Calls, Is.Zero);
        approver.Answer(ApprovalAnswer.Approve("ann"));
        var outcomes = await Task.WhenAll(calls.Select(call => RefusalOfAsync(() => call)));

        Assert.That(tools.Calls, Is.EqualTo(5));
        Assert.That(outcomes.Count(code => code == "five"), Is.EqualTo(11));
    }

    [Test]
    public async Task ProgressiveScope_ParallelCallsOutside_AreCounted()
    {
        var tools = new RefundTools();
        var approver = new ManualApprover();
        await using var provider = Build(tools, approver, options => (options.Enforcement, options.ApprovedScope) = (EnforcementMode.Progressive, ["other"]));
        using var session = provider.GetRequiredService<IThothSessions>().Start();

        var calls = Enumerable.Range(0, 8).Select(_ => Tools(provider).RefundAsync(1)).ToArray();
        approver.Answer(ApprovalAnswer.Approve("ann"));
        await Task.WhenAll(calls.Select(call => call.ContinueWith(static _ => { }, TaskScheduler.Default)));

        Assert.That(tools.Calls, Is.EqualTo(3));
    }

    private static IRefundTools Tools(ServiceProvider provider) => provider.GetRequiredService<IRefundTools>();

    private static string? RefusalOf(Func<int> call)
    {
        try
        {
            call();
            return null;
        }
        catch (PolicyViolationException refused)
        {
            return refused.DecisionReasonCode;
        }
    }

    private static async Task<string?> RefusalOfAsync(Func<Task<int>> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (PolicyViolationException refused)
        {
            return refused.DecisionReasonCode;
        }
    }

    private static ServiceProvider Build(RefundTools tools, IApprover? approver = null, Action<ThothOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new FakeTimeProvider());
        services.AddSingleton<IRefundTools>(tools);
        var thoth = services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId) = ("acme", "bot");
            configure?.Invoke(options);
        }).UseLocalPolicy(policy => policy.Json = FiveRefunds);
        if (approver is not null)
        {
            thoth.UseApprover(approver);
        }

        // Between the policy and the pipeline: what happens to a call after its decision and before its tool.
        var local = services.Last(service => service.ServiceType == typeof(IEnforcer)).ImplementationFactory!;
        services.AddSingleton(provider => new CancellingEnforcer((IEnforcer)local(provider)));
        thoth.UseEnforcer(static provider => provider.GetRequiredService<CancellingEnforcer>());
        thoth.AddGovernedTools<IRefundTools>();
        return services.BuildServiceProvider();
    }

    private sealed class CancellingEnforcer(IEnforcer inner) : ISynchronousEnforcer, IHoldEnforcer, ICountingEnforcer, IDisposable
    {
        public Action? AfterDecision { get; set; }

        public async ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
        {
            var decision = await inner.EvaluateAsync(request, cancellationToken);
            AfterDecision?.Invoke();
            return decision;
        }

        public EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken)
        {
            var decision = ((ISynchronousEnforcer)inner).Evaluate(request, cancellationToken);
            AfterDecision?.Invoke();
            return decision;
        }

        public ValueTask<HoldStatus> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken) =>
            ((IHoldEnforcer)inner).GetHoldAsync(holdToken, request, cancellationToken);

        public void CallNotStarted(EnforcementRequest request) => ((ICountingEnforcer)inner).CallNotStarted(request);

        public void Dispose() => (inner as IDisposable)?.Dispose();
    }

    private sealed class RefundTools : IRefundTools
    {
        private int _calls;

        public int Calls => _calls;

        public Exception? Failure { get; init; }

        public Task<int> RefundAsync(int amount, CancellationToken cancellationToken = default) => Task.FromResult(PayOut(amount));

        public int PayOut(int amount, List<string>? notes = null)
        {
            Interlocked.Increment(ref _calls);
            return Failure is null ? amount : throw Failure;
        }
    }
}
