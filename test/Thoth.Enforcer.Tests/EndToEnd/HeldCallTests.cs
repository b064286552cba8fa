using Microsoft.Extensions.DependencyInjection;
using Thoth.Enforcer.Changes;
using Thoth.Enforcer.Holds;
using Thoth.Enforcer.Storage;
using Thoth.Enforcer.Tests.Support;
using Thoth.Interception;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.StepUp;
using Thoth.Interception.Tests.Support;

namespace Thoth.Enforcer.Tests.EndToEnd;

/// <summary>Calls that are held while their callers go on: the library against this server, over real HTTP.</summary>
public class HeldCallTests
{
    private BankTools _bank = null!;

    [SetUp]
    public void CountFromZero() => _bank = new();

    [Test]
    public async Task Held_PeekedAndApprovedLater_RunsOnce()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host);
        var holds = services.GetRequiredService<IThothHolds>();
        var (held, row) = await HoldAsync(host, services);

        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Pending));
        host.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(host.Approvals.Pending().Single().Id, Is.EqualTo(row.Id), "the caller is not gone, although it does not poll");
        await host.Approvals.ApproveAsync(row.Id, row.ArgumentsHash, "grace");
        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Approved));
        Assert.That(host.Approvals.Find(row.Id)!.DeliveredAt, Is.Null, "a peek delivers nothing");
        host.Time.Advance(TimeSpan.FromSeconds(60));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => ResumeAsync(services, held))));

        Assert.That(outcomes.Count(outcome => outcome == "refunded 900 of A-1"), Is.EqualTo(1));
        Assert.That(_bank.Calls, Is.EqualTo(1));
        Assert.That(await holds.PeekAsync(held), Is.EqualTo(HeldCallState.Used));
    }

    [Test]
    public async Task Held_TwoProcessesWithOneStore_RunOnce()
    {
        await using var host = await StartAsync();
        var store = new InMemoryHeldCallStore();
        await using var first = Govern(host, store: store);
        await using var second = Govern(host, store: store);
        var (held, row) = await HoldAsync(host, first);
        await host.Approvals.ApproveAsync(row.Id, row.ArgumentsHash, "grace");
        var known = await second.GetRequiredService<IThothHolds>().GetAsync(held.Id);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => i % 2 == 0 ? ResumeAsync(first, held) : ResumeAsync(second, known!))));

        Assert.That(outcomes.Count(outcome => outcome == "refunded 900 of A-1"), Is.EqualTo(1));
        Assert.That(_bank.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Held_TwoProcessesWithCopiesOfOneEntry_RunOnce()
    {
        await using var host = await StartAsync();
        var (one, other) = (new InMemoryHeldCallStore(), new InMemoryHeldCallStore());
        await using var first = Govern(host, store: one);
        await using var second = Govern(host, store: other);
        var (held, row) = await HoldAsync(host, first);
        await other.AddAsync((await one.GetAsync(held.Id, default))!, default);
        await host.Approvals.ApproveAsync(row.Id, row.ArgumentsHash, "grace");

        var outcomes = await Task.WhenAll(
            ResumeAsync(first, held), ResumeAsync(second, (await second.GetRequiredService<IThothHolds>().GetAsync(held.Id))!));

        Assert.That(outcomes.Count(outcome => outcome == "refunded 900 of A-1"), Is.EqualTo(1), "the server repeats an approval to one nonce only");
        Assert.That(_bank.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task Resume_ResponseWithTheApprovalLost_GetsItAgain()
    {
        await using var host = await StartAsync();
        var lossy = new LosesTheFirstHoldResponse();
        await using var services = Govern(host, handler: lossy);
        var (held, row) = await HoldAsync(host, services);
        await host.Approvals.ApproveAsync(row.Id, row.ArgumentsHash, "grace");

        Assert.That(await ResumeAsync(services, held), Is.EqualTo("refunded 900 of A-1"));
        Assert.That(lossy.Polls, Is.EqualTo(2));
    }

    [Test]
    public async Task EqualCalls_HeldAtOnce_AreOneCardAtThePageAndRunOnce()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host);
        using (services.GetRequiredService<IThothSessions>().GetOrStart("conv-1").Enter())
        {
            var tools = services.GetRequiredService<IBankTools>();
            var calls = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(async () =>
                (await Assert.ThrowsAsync<StepUpRequiredException>(() => tools.RefundAsync("A-1", 900)))!.HeldCall!)));
            Assert.That(calls.Select(call => call.Id).Distinct(), Has.One.Items);
        }

        await Eventually.TrueAsync(() => host.Approvals.Pending().Count == 1, "one card is left");
        var row = host.Approvals.Pending().Single();
        var held = (await services.GetRequiredService<IThothHolds>().ListAsync(services.GetRequiredService<IThothSessions>().GetOrStart("conv-1"))).Single();
        await host.Approvals.ApproveAsync(row.Id, row.ArgumentsHash, "grace");

        Assert.That(await ResumeAsync(services, held), Is.EqualTo("refunded 900 of A-1"));
        Assert.That(_bank.Calls, Is.EqualTo(1));
        await services.GetRequiredService<IEventPipeline>().FlushAsync();
        var events = host.Activity.Events(new ActivityFilter()).Where(e => e.Type.StartsWith("TOOL_", StringComparison.Ordinal)).ToList();
        var pres = events.Count(e => e.Type == "TOOL_CALL_PRE");
        Assert.That(events.Count(e => e.Type == "TOOL_CALL_POST"), Is.EqualTo(1));
        Assert.That(events.Count(e => e.Type == "TOOL_CALL_BLOCK"), Is.EqualTo(pres - 1), "each call has one end");
    }

    [Test]
    public async Task Denied_NeverRuns()
    {
        await using var host = await StartAsync();
        await using var services = Govern(host);
        var (held, row) = await HoldAsync(host, services);
        await host.Approvals.DenyAsync(row.Id, row.ArgumentsHash, "grace", "Too much.");

        Assert.That(await services.GetRequiredService<IThothHolds>().PeekAsync(held), Is.EqualTo(HeldCallState.Denied));
        Assert.That(await ResumeAsync(services, held), Is.EqualTo("Too much."));
        Assert.That(_bank.Calls, Is.Zero);
    }

    [TestCase("task")]
    [TestCase("sync")]
    [TestCase("stream")]
    public async Task Waiting_CallerGaveUp_AnApprovalRunsNothing(string kind)
    {
        await using var host = await EnforcerHost.StartAsync(null, TimeProvider.System);
        await using var services = Govern(host, StepUpMode.Wait);
        using var changes = host.Get<ChangeFeed>().Subscribe();
        var governor = services.GetRequiredService<IToolGovernor>();
        var runs = 0;
        var task = governor.WrapTool("refund", (CancellationToken _) => Task.FromResult(Interlocked.Increment(ref runs)));
        var sync = governor.WrapTool("refund", (CancellationToken _) => Interlocked.Increment(ref runs));
        var stream = governor.WrapTool("refund", (CancellationToken _) => StreamAsync());
        using var aborted = new CancellationTokenSource();
        var call = Task.Run(async () => kind switch
        {
            "task" => await task(aborted.Token),
            "sync" => sync(aborted.Token),
            _ => await stream(aborted.Token).FirstAsync(),
        });
        var held = await changes.ReadAllAsync(default).FirstAsync(change => change.Kind == ChangeKind.Held);
        var row = host.Approvals.Find(held.Id)!;

        await aborted.CancelAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        var outcome = await host.Approvals.ApproveAsync(row.Id, row.ArgumentsHash, "grace");

        Assert.That(outcome, Is.EqualTo(AnswerOutcome.Recorded));
        await services.GetRequiredService<IEventPipeline>().FlushAsync();
        Assert.That(runs, Is.Zero);
        Assert.That(
            host.Activity.Events(new ActivityFilter()).Select(e => e.Type).Where(type => type.StartsWith("TOOL_", StringComparison.Ordinal)).Order(),
            Is.EqualTo(["TOOL_CALL_BLOCK", "TOOL_CALL_PRE"]));

        async IAsyncEnumerable<int> StreamAsync()
        {
            await Task.Yield();
            yield return Interlocked.Increment(ref runs);
        }
    }

    private static Task<EnforcerHost> StartAsync() => EnforcerHost.StartAsync();

    private static async Task<(HeldCall Held, HoldRow Row)> HoldAsync(EnforcerHost host, ServiceProvider services)
    {
        using var session = services.GetRequiredService<IThothSessions>().GetOrStart("conv-1").Enter();
        var held = await Assert.ThrowsAsync<StepUpRequiredException>(() => services.GetRequiredService<IBankTools>().RefundAsync("A-1", 900));
        return (held!.HeldCall!, host.Approvals.Pending().Single());
    }

    private static async Task<string> ResumeAsync(ServiceProvider services, HeldCall held)
    {
        using (services.GetRequiredService<IThothSessions>().GetOrStart("conv-1").Enter())
        using (services.GetRequiredService<IThothHolds>().Resume(held))
        {
            try
            {
                return await services.GetRequiredService<IBankTools>().RefundAsync("A-1", 900);
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
    }

    private ServiceProvider Govern(
        EnforcerHost host, StepUpMode mode = StepUpMode.Throw, IHeldCallStore? store = null, DelegatingHandler? handler = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddSingleton(mode == StepUpMode.Throw ? (TimeProvider)host.Time : TimeProvider.System);
        var thoth = services.AddThoth(options =>
        {
            (options.ApiUrl, options.ApiKey, options.TenantId, options.AgentId) = (host.Url, "local", "local", "agent");
            options.StepUp.Mode = mode;
            options.StepUp.PollInterval = TimeSpan.FromSeconds(mode == StepUpMode.Throw ? 5 : 0.05);
        });
        if (handler is not null)
        {
            thoth.ConfigureHttpClientBuilder(http => http.AddHttpMessageHandler(() => handler));
        }

        if (store is not null)
        {
            services.AddSingleton(store);
        }

        services.AddSingleton<IBankTools>(_bank);
        services.AddGovernedTools<IBankTools>();
        return services.BuildServiceProvider();
    }

    private sealed class LosesTheFirstHoldResponse : DelegatingHandler
    {
        public int Polls { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Method == HttpMethod.Get && ++Polls == 1)
            {
                response.Dispose();
                throw new HttpRequestException("connection reset");
            }

            return response;
        }
    }
}
