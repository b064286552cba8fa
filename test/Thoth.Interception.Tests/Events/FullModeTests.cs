using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Events.Queue;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events;

/// <summary>What becomes of calls while their events cannot be queued. The clock stands still, so only a flush empties a queue.</summary>
public class FullModeTests
{
    private readonly FullTools _tools = new();

    [Test]
    public async Task DropNewest_IsTheDefault_AndCallsKnowNothingOfIt([Values] bool sync)
    {
        await using var host = Host(EventQueueFullMode.DropNewest);

        await CallAsync(host, sync);
        await CallAsync(host, sync);

        Assert.That(new EventOptions().FullMode, Is.EqualTo(EventQueueFullMode.DropNewest));
        Assert.That((_tools.Runs, Statistics(host).DroppedQueueFull), Is.EqualTo((2, 2)));
        Assert.That(host.Get<EventPipeline>().Begin(EventSamples.New()).MustBeSecured, Is.False);
    }

    [Test]
    public async Task BlockCalls_FullQueue_RefusesTheCallWithItsOwnCode_UntilThereIsRoom([Values] bool sync, [Values] bool observe)
    {
        await using var host = Host(
            EventQueueFullMode.BlockCalls, o => o.Enforcement = observe ? EnforcementMode.Observe : EnforcementMode.Block);
        await CallAsync(host, sync);

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => CallAsync(host, sync));

        Assert.That(refusal!.SdkReasonCode, Is.EqualTo(SdkReasonCodes.EvidenceNotRecorded).And.EqualTo("evidence_not_recorded"));
        Assert.That(_tools.Runs, Is.EqualTo(1));
        Assert.That(Statistics(host), Is.EqualTo(new EventStatistics { Enqueued = 4, DroppedQueueFull = 2, Waiting = 2 }));
        await host.EventsAsync();
        await CallAsync(host, sync);
        Assert.That(await host.EventNamesAsync(), Is.EqualTo(Repeat(2, "ToolCallPre/Pre", "ToolCallPost/Post")));
    }

    [Test]
    public async Task BlockCalls_UnderLoad_EveryCallThatRanHasBothItsEvents()
    {
        await using var host = Host(EventQueueFullMode.BlockCalls, o => (o.Events.QueueCapacity, o.Events.BatchSize) = (10, 2));
        var refused = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                try
                {
                    await CallAsync(host, i % 2 == 0);
                }
                catch (PolicyViolationException exception) when (exception.SdkReasonCode == SdkReasonCodes.EvidenceNotRecorded)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        })));

        var calls = (await host.EventsAsync()).ToLookup(e => e.Request.ActionAttestationId);
        var ran = calls.Where(call => call.Any(e => e.Type == BehavioralEventType.ToolCallPost)).ToList();
        Assert.That(ran, Has.Count.EqualTo(_tools.Runs));
        Assert.That(ran.Select(call => call.Count()), Is.All.EqualTo(2));
        Assert.That(_tools.Runs + refused, Is.EqualTo(8 * 300));
        Assert.That(Statistics(host).Waiting, Is.Zero);
    }

    [Test]
    public async Task BlockCalls_CallThatLeavesNoLastEvent_GivesItsPlaceBack()
    {
        await using var host = Host(EventQueueFullMode.BlockCalls, o => o.Events.EmitFailures = false);
        _tools.Failure = new FormatException();

        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<FormatException>(() => CallAsync(host, sync: false));
            await host.EventsAsync();
        }

        Assert.That(Statistics(host), Is.EqualTo(new EventStatistics { Enqueued = 5, Sent = 5 }));
    }

    [Test]
    public async Task BlockCalls_RefusedCall_LeavesItsBlockEventInItsPlace()
    {
        await using var host = Host(EventQueueFullMode.BlockCalls);
        host.Enforcer.Decide = _ => ScriptedEnforcer.Block;

        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<PolicyViolationException>(() => CallAsync(host, sync: false));
            await host.EventsAsync();
        }

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(Repeat(3, "ToolCallPre/Pre", "ToolCallBlock/Block")));
    }

    [Test]
    public async Task BlockCalls_AfterClosing_NothingRuns()
    {
        await using var host = Host(EventQueueFullMode.BlockCalls);
        var tools = host.Get<IFullTools>();
        await host.Get<EventPipeline>().DisposeAsync();

        var refusal = await Assert.ThrowsAsync<PolicyViolationException>(() => tools.RunAsync());

        Assert.That((refusal!.SdkReasonCode, _tools.Runs), Is.EqualTo((SdkReasonCodes.EvidenceNotRecorded, 0)));
    }

    [Test]
    public async Task Wait_FullQueueWithASinkThatTakes_TheCallGoesOn_AndNothingIsDropped([Values] bool sync)
    {
        await using var host = Host(EventQueueFullMode.Wait);

        for (var i = 0; i < 10; i++)
        {
            await CallAsync(host, sync);
        }

        Assert.That(await host.EventNamesAsync(), Is.EqualTo(Repeat(10, "ToolCallPre/Pre", "ToolCallPost/Post")));
        Assert.That((_tools.Runs, Statistics(host).Dropped), Is.EqualTo((10, 0)));
    }

    [Test]
    public async Task Wait_SinkThatHangs_TheCallRunsWhenTheTimeIsOver_AndItsEventsAreCounted([Values] bool sync)
    {
        var sink = new GatedSink();
        await using var host = Host(EventQueueFullMode.Wait, add: services => services.AddSingleton<IEventSink>(sink));
        await FillAsync(host, sink);

        var waiting = Task.Run(() => CallAsync(host, sync));
        await OtherSinkHasRoomAsync(host);
        await Eventually.TrueAsync(() => waiting.IsCompleted, "the call has run", () =>
        {
            Assert.That(_tools.Runs, Is.InRange(2, 3));
            host.Time.Advance(TimeSpan.FromMilliseconds(100));
        });

        await waiting;
        Assert.That(_tools.Runs, Is.EqualTo(3));
        sink.Open();
        await host.EventsAsync();
        var statistics = host.Get<IEventPipeline>().StatisticsBySink;
        Assert.That(statistics["GatedSink"], Is.EqualTo(new EventStatistics { Enqueued = 6, Sent = 4, DroppedQueueFull = 2 }));
        Assert.That(statistics["InMemoryEventSink"], Is.EqualTo(new EventStatistics { Enqueued = 6, Sent = 6 }));
    }

    [Test]
    public async Task Wait_CallerThatCancels_WaitsNoLonger_AndTheToolDoesNotRun()
    {
        var sink = new GatedSink();
        await using var host = Host(EventQueueFullMode.Wait, add: services => services.AddSingleton<IEventSink>(sink));
        await FillAsync(host, sink);
        using var source = new CancellationTokenSource();

        var waiting = host.Get<IFullTools>().RunAsync(source.Token);
        Assert.That(waiting.IsCompleted, Is.False);
        await source.CancelAsync();

        await Assert.ThatAsync(() => waiting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_tools.Runs, Is.EqualTo(2));
        sink.Open();
        await host.EventsAsync();
        Assert.That(Statistics(host).Enqueued, Is.EqualTo(12), "two events of three calls for two sinks");
        Assert.That(Statistics(host).Waiting, Is.Zero);
    }

    [Test]
    public void QueueOfOne_CannotKeepTheEventsOfACall_AndIsRefusedAtTheStart()
    {
        var options = new ThothOptions { TenantId = "acme", AgentId = "agent" };
        (options.Events.QueueCapacity, options.Events.FullMode) = (1, EventQueueFullMode.BlockCalls);

        Assert.That(new ThothOptionsValidator().Validate(null, options).FailureMessage, Does.Contain("QueueCapacity"));
    }

    /// <summary>One call's events are under way to the sink, another's fill the queue.</summary>
    private static async Task FillAsync(GovernedHost host, GatedSink sink)
    {
        await CallAsync(host, sync: false);
        _ = host.Get<IEventPipeline>().FlushAsync();
        await sink.FirstBatch;
        await CallAsync(host, sync: false);
    }

    /// <summary>The clock must not run ahead of the sink that does not hang.</summary>
    private static Task OtherSinkHasRoomAsync(GovernedHost host) => Eventually.TrueAsync(
        () => host.Get<IEventPipeline>().StatisticsBySink["InMemoryEventSink"].Waiting == 0, "the sink that does not hang has got its events");

    private static Task CallAsync(GovernedHost host, bool sync)
    {
        var tools = host.Get<IFullTools>();
        if (!sync)
        {
            return tools.RunAsync();
        }

        try
        {
            tools.Run();
            return Task.CompletedTask;
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }
    }

    private GovernedHost Host(
        EventQueueFullMode whenFull, Action<ThothOptions>? configure = null, Action<IServiceCollection>? add = null) => GovernedHost.Create(
        services =>
        {
            services.AddSingleton<IFullTools>(_tools).AddGovernedTools<IFullTools>();
            add?.Invoke(services);
        },
        options =>
        {
            (options.Events.FullMode, options.Events.QueueCapacity) = (whenFull, 2);
            configure?.Invoke(options);
        });

    private static EventStatistics Statistics(GovernedHost host) => host.Get<IEventPipeline>().Statistics;

    private static IEnumerable<string> Repeat(int times, params string[] names) => Enumerable.Repeat(names, times).SelectMany(n => n);

    public interface IFullTools
    {
        Task RunAsync(CancellationToken cancellationToken = default);

        [GovernedTool("run_now")]
        void Run();
    }

    private sealed class FullTools : IFullTools
    {
        private int _runs;

        public int Runs => Volatile.Read(ref _runs);

        public Exception? Failure { get; set; }

        public Task RunAsync(CancellationToken cancellationToken)
        {
            Run();
            return Task.CompletedTask;
        }

        public void Run()
        {
            Interlocked.Increment(ref _runs);
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
