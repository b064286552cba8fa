using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Each sink has its own queue and its own statistics.</summary>
public class InMemorySinkQueueTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<EventPipeline> _log = new();

    [Test]
    public async Task HangingSink_HasItsOwnQueue_AndTheOtherSinkGetsEverything()
    {
        var (hanging, good) = (new GatedSink(), new InMemoryEventSink());
        var queues = new[] { CreateQueue(hanging, "hanging", o => o.QueueCapacity = 5), CreateQueue(good, "good") };
        await using var pipeline = Create(queues);

        for (var i = 0; i < 50; i++)
        {
            pipeline.Enqueue(EventSamples.New());
        }

        await queues[1].FlushAsync(CancellationToken.None);

        Assert.That(good.Events, Has.Count.EqualTo(50));
        Assert.That(pipeline.StatisticsBySink["good"], Is.EqualTo(new EventStatistics { Enqueued = 50, Sent = 50 }));
        var own = pipeline.StatisticsBySink["hanging"];
        Assert.That((own.Enqueued, own.Sent), Is.EqualTo((50, 0)));
        Assert.That(own.DroppedQueueFull, Is.InRange(30, 45));
        Assert.That(pipeline.Statistics.Enqueued, Is.EqualTo(100));
        hanging.Open();
    }

    [Test]
    public async Task Drain_OfASinkThatHoldsItsThread_EndsAtTheDeadline_AndCountsItsBatchOnce()
    {
        using var sink = new BlockingSink();
        var pipeline = Create([CreateQueue(sink, "blocking")]);
        for (var i = 0; i < 12; i++)
        {
            pipeline.Enqueue(EventSamples.New());
        }

        var flush = pipeline.FlushAsync();
        await sink.Entered;
        var disposal = pipeline.DisposeAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(5));
        await disposal;
        await flush;

        var lost = new EventStatistics { Enqueued = 12, DroppedClosed = 12 };
        Assert.That(pipeline.Statistics, Is.EqualTo(lost));
        sink.Leave();
        await sink.Left;
        pipeline.Enqueue(EventSamples.New());
        Assert.That(pipeline.Statistics, Is.EqualTo(lost with { Enqueued = 13, DroppedClosed = 13 }));
    }

    [Test]
    public async Task Reserve_KeepsPlacesThatEnqueueDoesNotGet()
    {
        var queue = CreateQueue(new GatedSink(), "gated", o => (o.QueueCapacity, o.BatchSize) = (4, 500));

        Assert.That(queue.TryReserve(2), Is.True);
        Assert.That(queue.TryReserve(3), Is.False);
        for (var i = 0; i < 4; i++)
        {
            queue.Enqueue(EventSamples.New());
        }

        Assert.That(queue.Statistics.DroppedQueueFull, Is.EqualTo(2));
        queue.EnqueueReserved(EventSamples.New());
        queue.EnqueueReserved(EventSamples.New());
        Assert.That((queue.Statistics.DroppedQueueFull, queue.Statistics.Waiting, queue.Fill), Is.EqualTo((2, 4, 1.0)));
        await CloseAsync(queue);
        Assert.That(queue.TryReserve(1), Is.False);
    }

    [Test]
    public async Task ReserveAsync_WaitsForItsTurn_AndGivesUpInTime()
    {
        var queue = CreateQueue(new GatedSink(), "gated", o => o.QueueCapacity = 2);
        Assert.That(queue.TryReserve(2), Is.True);

        var first = queue.ReserveAsync(2, TimeSpan.FromSeconds(1), CancellationToken.None).AsTask();
        Assert.That(first.IsCompleted, Is.False);
        queue.Release(2);
        Assert.That(await first, Is.True);

        var second = queue.ReserveAsync(2, TimeSpan.FromSeconds(1), CancellationToken.None).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await second, Is.False);

        using var cancellation = new CancellationTokenSource();
        var third = queue.ReserveAsync(2, TimeSpan.FromSeconds(1), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThatAsync(() => third, Throws.InstanceOf<OperationCanceledException>());

        var fourth = queue.ReserveAsync(2, TimeSpan.FromSeconds(1), CancellationToken.None).AsTask();
        await CloseAsync(queue);
        Assert.That(await fourth, Is.False);
    }

    [Test]
    public async Task ReserveAsync_ManyWaiters_AllGetTheirTurn()
    {
        var queue = CreateQueue(new GatedSink { IsOpen = true }, "open", o => (o.QueueCapacity, o.BatchSize) = (6, 2));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                Assert.That(await queue.ReserveAsync(2, TimeSpan.FromMinutes(1), CancellationToken.None), Is.True);
                queue.EnqueueReserved(EventSamples.New());
                queue.EnqueueReserved(EventSamples.New());
            }
        })));
        await queue.FlushAsync(CancellationToken.None);

        Assert.That(queue.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 8_000, Sent = 8_000 }));
        await queue.DrainAsync();
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Flush_OfASinkThatEventsNeverStopComingFor_Ends_AndSoDoesClosing(bool isAsynchronous)
    {
        var sink = new FeedingSink { IsAsynchronous = isAsynchronous };
        var queue = CreateQueue(sink, "feeding");
        sink.Queue = queue;
        for (var i = 0; i < 45; i++)
        {
            sink.Record();
        }

        var recorded = 0;
        for (var i = 0; i < 20; i++)
        {
            // Not `Enqueued`: it also counts an event that another thread has begun to record and has not queued yet.
            var before = sink.TakeRecorded();
            recorded += before.Count;
            await queue.FlushAsync(CancellationToken.None);
            Assert.That(before.All(sink.Has), Is.True);
            Assert.That(queue.Statistics.Sent, Is.GreaterThanOrEqualTo(recorded));
        }

        await queue.DrainAsync();
        var statistics = queue.Statistics;
        Assert.That(statistics.Waiting, Is.Zero);
        Assert.That(statistics.Sent + statistics.DroppedClosed, Is.EqualTo(statistics.Enqueued));
    }

    [Test]
    public async Task Flush_ByManyAtOnce_EndsWhenWhatEachRecordedBeforeHasArrived()
    {
        var sink = new YieldingSink();
        var queue = CreateQueue(sink, "yielding");

        await Task.WhenAll(Enumerable.Range(0, 3).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var round = 0; round < 400; round++)
            {
                var mine = Enumerable.Range(0, random.Next(45)).Select(_ => EventSamples.New()).ToArray();
                Array.ForEach(mine, queue.Enqueue);
                await queue.FlushAsync(CancellationToken.None);
                Assert.That(mine.All(sink.Has), Is.True);
            }
        })));

        await queue.DrainAsync();
        Assert.That(queue.Statistics, Is.EqualTo(new EventStatistics { Enqueued = queue.Statistics.Enqueued, Sent = sink.Count }));
        Assert.That(sink.Count, Is.EqualTo(queue.Statistics.Enqueued));
    }

    [Test]
    public async Task Flush_WhileADeliveryTakesItsNextBatch_WaitsForAllThatWasThere()
    {
        var (sink, buffer) = (new PermittingSink(), new PausingEventBuffer());
        var queue = new InMemorySinkQueue<BehavioralEvent>(sink.SendAsync, buffer, "pausing", sink.MaxConcurrentBatches, static () => 0, new EventOptions(), _time, _log);
        for (var i = 0; i < 105; i++)
        {
            queue.Enqueue(EventSamples.New());
        }

        await sink.Entered;
        buffer.PauseNext();
        sink.Permit(1);
        await buffer.Paused;

        // Counted now or later, what has just been taken is not due any more, and everything else is.
        var flush = Task.Run(() => queue.FlushAsync(CancellationToken.None));
        await Eventually.YieldAsync(20_000, () => sink.UnderWay >= 3);
        buffer.Resume();
        await Eventually.TrueAsync(() => sink.UnderWay >= 4, "the sink has 4 batches under way");
        sink.Permit(100);
        await flush;

        Assert.That(queue.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 105, Sent = 105 }));
        await queue.DrainAsync();
    }

    [Test]
    public async Task Flush_WhileAnEventIsBeingRecorded_DoesNotWaitForIt()
    {
        var (sink, buffer) = (new InMemoryEventSink(), new PausingEventBuffer());
        var queue = new InMemorySinkQueue<BehavioralEvent>(sink.SendAsync, buffer, "pausing", IConcurrentSink.Of(sink), static () => 0, new EventOptions(), _time, _log);
        buffer.PauseNextAdd();
        var recording = Task.Run(() => queue.Enqueue(EventSamples.New()));
        await buffer.Paused;

        // It is counted before it is queued, so that an event is never sent that was not counted.
        await queue.FlushAsync(CancellationToken.None);
        Assert.That(queue.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 1, Waiting = 1 }));

        buffer.Resume();
        await recording;
        await queue.FlushAsync(CancellationToken.None);
        Assert.That(queue.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 1, Sent = 1 }));
        await queue.DrainAsync();
    }

    [Test]
    public async Task EventThatCannotBeKept_IsCounted_AndItsPlaceIsFree()
    {
        var sink = new InMemoryEventSink();
        var queue = new InMemorySinkQueue<BehavioralEvent>(
            sink.SendAsync, new RefusingEventBuffer(), "refusing", 1, static () => 0, new EventOptions { QueueCapacity = 2 }, _time, _log);

        for (var i = 0; i < 5; i++)
        {
            queue.Enqueue(EventSamples.New());
        }

        Assert.That(queue.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 5, DroppedSinkFailed = 5 }));
        Assert.That(queue.Fill, Is.Zero);
        await queue.DrainAsync();
    }

    private async Task CloseAsync(ISinkQueue queue)
    {
        var drained = queue.DrainAsync();
        await Eventually.TrueAsync(() => drained.IsCompleted, "the queue is drained", () => _time.Advance(TimeSpan.FromSeconds(5)));
    }

    private ISinkQueue CreateQueue(IEventSink sink, string name, Action<EventOptions>? configure = null)
    {
        var options = new EventOptions();
        configure?.Invoke(options);
        return SinkQueueFactory.CreateInMemory(sink, name, options, _time, _log, IConcurrentSink.Of(sink));
    }

    private EventPipeline Create(ISinkQueue[] queues) => new(queues, Options.Create(new ThothOptions()), _time);
}
