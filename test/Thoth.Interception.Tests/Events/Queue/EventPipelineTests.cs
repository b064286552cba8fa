using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Queue;

public class EventPipelineTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<EventPipeline> _log = new();

    [Test]
    public async Task Flush_DeliversWhatWasRecordedBefore_InOrder()
    {
        var sink = new InMemoryEventSink();
        await using var pipeline = Create([sink]);
        var events = Enumerable.Range(0, 25).Select(_ => NewEvent()).ToArray();

        Array.ForEach(events, pipeline.Enqueue);
        await pipeline.FlushAsync();

        Assert.That(sink.Events, Is.EqualTo(events));
        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 25, Sent = 25 }));
    }

    [Test]
    public async Task Batches_AreNeverLargerThanConfigured()
    {
        var sink = new GatedSink { IsOpen = true };
        await using var pipeline = Create([sink], o => o.BatchSize = 4);

        for (var i = 0; i < 10; i++)
        {
            pipeline.Enqueue(NewEvent());
        }

        await pipeline.FlushAsync();
        Assert.That(sink.BatchSizes, Is.All.InRange(1, 4));
        Assert.That(sink.BatchSizes.Sum(), Is.EqualTo(10));
    }

    [Test]
    public async Task PartialBatch_IsSentWhenTheIntervalIsOver()
    {
        var sink = new GatedSink { IsOpen = true };
        await using var pipeline = Create([sink]);
        pipeline.Enqueue(NewEvent());

        // The reader starts its interval on its own thread: time goes on until it has seen it end.
        await Eventually.TrueAsync(
            () => sink.FirstBatch.IsCompleted, "the sink has got its first batch", () => _time.Advance(TimeSpan.FromMilliseconds(250)));

        Assert.That(sink.BatchSizes, Is.EqualTo([1]));
    }

    [Test]
    public async Task FullQueue_DropsTheNewest_CountsThem_AndLogsOncePerBurst()
    {
        var sink = new GatedSink();
        await using var pipeline = Create([sink], o => (o.QueueCapacity, o.BatchSize) = (3, 1));
        pipeline.Enqueue(NewEvent());
        var flush = pipeline.FlushAsync();
        await sink.FirstBatch;

        for (var i = 0; i < 8; i++)
        {
            pipeline.Enqueue(NewEvent());
        }

        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 9, DroppedQueueFull = 5, Waiting = 4 }));
        Assert.That(_log.Messages, Has.Exactly(1).Contains("queue of behavioural events is full"));
        sink.Open();
        await flush;
        await pipeline.FlushAsync();
        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 9, Sent = 4, DroppedQueueFull = 5 }));
    }

    [Test]
    public async Task FailingSink_LosesItsBatchWithACount_AndTheOtherSinkGetsIt()
    {
        var good = new InMemoryEventSink();
        await using var pipeline = Create([new ThrowingSink(), good]);

        pipeline.Enqueue(NewEvent());
        await pipeline.FlushAsync();

        Assert.That(good.Events, Has.Count.EqualTo(1));
        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 2, Sent = 1, DroppedSinkFailed = 1 }));
        Assert.That(pipeline.StatisticsBySink["ThrowingSink0"], Is.EqualTo(new EventStatistics { Enqueued = 1, DroppedSinkFailed = 1 }));
        Assert.That(pipeline.StatisticsBySink["InMemoryEventSink1"], Is.EqualTo(new EventStatistics { Enqueued = 1, Sent = 1 }));
        Assert.That(_log.Messages, Has.Exactly(1).Contains("ThrowingSink0 failed with InvalidOperationException"));
        Assert.That(_log.Messages, Has.None.Contains("secret"));
    }

    [Test]
    public async Task Dispose_DeliversWhatIsQueued_AndIsIdempotent()
    {
        var sink = new InMemoryEventSink();
        var pipeline = Create([sink]);
        pipeline.Enqueue(NewEvent());

        await pipeline.DisposeAsync();
        await pipeline.DisposeAsync();
        pipeline.Dispose();

        Assert.That(sink.Events, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task EnqueueAfterDispose_IsACountedDrop_AndFlushReturns()
    {
        var pipeline = Create([new InMemoryEventSink()]);
        await pipeline.DisposeAsync();

        pipeline.Enqueue(NewEvent());
        await pipeline.FlushAsync();

        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 1, DroppedClosed = 1 }));
    }

    [Test]
    public async Task Dispose_WithAHangingSink_GivesUpAfterTheDrainTimeout_AndCountsTheRest()
    {
        var sink = new GatedSink();
        var pipeline = Create([sink], o => o.BatchSize = 1);
        pipeline.Enqueue(NewEvent());
        pipeline.Enqueue(NewEvent());
        var flush = pipeline.FlushAsync();
        await sink.FirstBatch;

        var disposal = pipeline.DisposeAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        await disposal;
        await flush;

        Assert.That(pipeline.Statistics.Enqueued, Is.EqualTo(2));
        Assert.That(pipeline.Statistics.DroppedClosed, Is.EqualTo(2));
        Assert.That(_log.Messages, Has.Exactly(1).Contains("was closed after 00:00:05 with 2 behavioural events not delivered"));
    }

    [Test]
    public async Task ManyWriters_NothingIsLostSilently()
    {
        var sink = new InMemoryEventSink();
        await using var pipeline = Create([sink], o => o.QueueCapacity = 500);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                pipeline.Enqueue(NewEvent());
            }
        })));
        await pipeline.FlushAsync();

        var statistics = pipeline.Statistics;
        Assert.That(statistics.Enqueued, Is.EqualTo(40_000));
        Assert.That(statistics.Sent + statistics.Dropped, Is.EqualTo(40_000));
        Assert.That(sink.Events, Has.Count.EqualTo(statistics.Sent));
    }

    [Test]
    public async Task SlowSinkThatTakesSeveralBatches_IsGivenThemAtOnce_AndAFlushWaitsForAll()
    {
        var sink = new GatedSink { MaxConcurrentBatches = 4 };
        await using var pipeline = Create([sink]);
        for (var i = 0; i < 100; i++)
        {
            pipeline.Enqueue(NewEvent());
        }

        var flush = pipeline.FlushAsync();
        await sink.ReachedAsync(4);

        Assert.That((flush.IsCompleted, sink.BatchSizes.Count), Is.EqualTo((false, 4)));
        sink.Open();
        await flush;
        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 100, Sent = 100 }));
        Assert.That(sink.MostUnderWay, Is.EqualTo(4));
    }

    [Test]
    public async Task BatchesAtOnce_AreWrittenBesideEachOther()
    {
        var sink = new MeetingSink();
        await using var pipeline = Create([sink]);
        pipeline.Enqueue(NewEvent());
        await pipeline.FlushAsync();

        for (var i = 0; i < 20; i++)
        {
            pipeline.Enqueue(NewEvent());
        }

        await pipeline.FlushAsync();

        Assert.That(sink.HaveMet, Is.True, "the second batch was written while the first was");
        Assert.That(pipeline.Statistics.Sent, Is.EqualTo(21));
    }

    [Test]
    public async Task SinkThatTakesOneBatchAtATime_IsNotGivenMoreBecauseAnotherTakesMore()
    {
        var (one, four) = (new GatedSink(), new GatedSink { MaxConcurrentBatches = 4, IsOpen = true });
        await using var pipeline = Create([one, four], o => o.BatchSize = 1);
        for (var i = 0; i < 20; i++)
        {
            pipeline.Enqueue(NewEvent());
        }

        var flush = pipeline.FlushAsync();
        await one.FirstBatch;
        one.Open();
        await flush;

        Assert.That((one.MostUnderWay, pipeline.Statistics.Sent), Is.EqualTo((1, 40)));
    }

    [Test]
    public async Task Dispose_WithASinkThatIgnoresItsToken_CountsItsBatch()
    {
        var sink = new GatedSink { IgnoresToken = true };
        var pipeline = Create([sink]);
        pipeline.Enqueue(NewEvent());
        var flush = pipeline.FlushAsync();
        await sink.FirstBatch;

        var disposal = pipeline.DisposeAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        await disposal;
        await flush;

        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 1, DroppedClosed = 1 }));
    }

    [Test]
    public async Task HostStop_WithAHangingSink_EndsAtTheDeadline_WithoutFailing_AndDisposalCountsTheRest()
    {
        var sink = new GatedSink();
        await using var host = GovernedHost.Create(services => services.AddSingleton<IEventSink>(sink));
        var pipeline = host.Get<EventPipeline>();
        pipeline.Enqueue(NewEvent());

        var stop = host.Get<IHostedService>().StopAsync(CancellationToken.None);
        await sink.FirstBatch;

        // The other sink does not hang: its reader only has to have its turn before time is up.
        await Eventually.TrueAsync(
            () => pipeline.StatisticsBySink["InMemoryEventSink"].Waiting == 0, "the sink that does not hang has got its events");

        Assert.That(stop.IsCompleted, Is.False);
        host.Time.Advance(TimeSpan.FromSeconds(5));
        await stop;

        var disposal = pipeline.DisposeAsync().AsTask();
        host.Time.Advance(TimeSpan.FromSeconds(5));
        await disposal;
        Assert.That(pipeline.StatisticsBySink["GatedSink"], Is.EqualTo(new EventStatistics { Enqueued = 1, DroppedClosed = 1 }));
        Assert.That(pipeline.StatisticsBySink["InMemoryEventSink"], Is.EqualTo(new EventStatistics { Enqueued = 1, Sent = 1 }));
    }

    [Test]
    public async Task WithoutAnySink_EventsGoToTheLog()
    {
        var log = new RecordingLogger(LogLevel.Information);
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(log));
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(o => (o.TenantId, o.AgentId) = ("acme", "agent"));
        await using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<EventPipeline>().Enqueue(NewEvent());
        await provider.GetRequiredService<IEventPipeline>().FlushAsync();

        Assert.That(log.Messages, Has.Exactly(1).StartsWith("ToolCallPre tool search: Pre"));
    }

    [Test]
    public void EventId_IsPrefixedByTheTenant_AndStable()
    {
        var e = NewEvent();
        var id = e.EventId;

        Assert.That(id, Does.Match("^acme:[0-9a-f-]{36}$"));
        Assert.That(e.EventId, Is.SameAs(id));
        Assert.That(NewEvent().EventId, Is.Not.EqualTo(id));
    }

    private EventPipeline Create(IEventSink[] sinks, Action<EventOptions>? configure = null)
    {
        var options = new ThothOptions();
        configure?.Invoke(options.Events);
        return new EventPipeline(
            sinks.Select((sink, i) => SinkQueueFactory.CreateInMemory(
                sink, $"{sink.GetType().Name}{i}", options.Events, _time, _log, IConcurrentSink.Of(sink))),
            Options.Create(options), _time);
    }

    private static BehavioralEvent NewEvent() => EventSamples.New();

    private sealed class ThrowingSink : IEventSink
    {
        public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("secret");
    }
}
