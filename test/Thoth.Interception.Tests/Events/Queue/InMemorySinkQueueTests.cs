using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Each sink has its own queue and its own figures.</summary>
public class InMemorySinkQueueTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<EventPipeline> _log = new();

    [Test]
    public async Task HangingSink_HasItsOwnQueue_AndTheOtherSinkGetsEverything()
    {
        var (hanging, good) = (new GatedSink(), new InMemoryEventSink());
        var queues = new[] { Lane(hanging, "hanging", o => o.QueueCapacity = 5), Lane(good, "good") };
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
        var pipeline = Create([Lane(sink, "blocking")]);
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
    public async Task Reserve_KeepsPlacesThatNobodyElseGets()
    {
        var queue = Lane(new GatedSink(), "gated", o => (o.QueueCapacity, o.BatchSize) = (4, 500));

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
        var queue = Lane(new GatedSink(), "gated", o => o.QueueCapacity = 2);
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
        var queue = Lane(new GatedSink { IsOpen = true }, "open", o => (o.QueueCapacity, o.BatchSize) = (6, 2));

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
        var queue = Lane(sink, "feeding");
        sink.Lane = queue;
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
        var queue = Lane(sink, "yielding");

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
        var (sink, buffer) = (new PermittingSink(), new PausingEvents());
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
        var (sink, buffer) = (new InMemoryEventSink(), new PausingEvents());
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
            sink.SendAsync, new RefusingEvents(), "refusing", 1, static () => 0, new EventOptions { QueueCapacity = 2 }, _time, _log);

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

    private ISinkQueue Lane(IEventSink sink, string name, Action<EventOptions>? configure = null)
    {
        var options = new EventOptions();
        configure?.Invoke(options);
        return SinkQueueFactory.CreateInMemory(sink, name, options, _time, _log, IConcurrentSink.Of(sink));
    }

    private EventPipeline Create(ISinkQueue[] queues) => new(queues, Options.Create(new ThothOptions()), _time);

    /// <summary>As many events come as it is given.</summary>
    private sealed class FeedingSink : IConcurrentSink
    {
        private readonly ConcurrentQueue<BehavioralEvent> _recorded = new();
        private readonly ConcurrentDictionary<BehavioralEvent, bool> _accepted = new(ReferenceEqualityComparer.Instance);

        public int MaxConcurrentBatches => 4;

        public bool IsAsynchronous { get; init; }

        public ISinkQueue? Lane { get; set; }

        public bool Has(BehavioralEvent e) => _accepted.ContainsKey(e);

        public void Record()
        {
            var e = EventSamples.New();
            Lane!.Enqueue(e);
            _recorded.Enqueue(e);
        }

        /// <summary>The events whose recording has ended since the last call.</summary>
        public List<BehavioralEvent> TakeRecorded()
        {
            var recorded = new List<BehavioralEvent>();
            for (var count = _recorded.Count; count > 0 && _recorded.TryDequeue(out var e); count--)
            {
                recorded.Add(e);
            }

            return recorded;
        }

        public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
        {
            if (IsAsynchronous)
            {
                await Task.Yield();
            }

            for (var i = 0; i < events.Count; i++)
            {
                Record();
            }

            foreach (var e in events)
            {
                _accepted.TryAdd(e, true);
            }
        }
    }

    /// <summary>Is never done at once.</summary>
    private sealed class YieldingSink : IConcurrentSink
    {
        private readonly ConcurrentDictionary<string, bool> _ids = new();

        public int MaxConcurrentBatches => 4;

        public int Count => _ids.Count;

        public bool Has(BehavioralEvent e) => _ids.ContainsKey(e.EventId);

        public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
        {
            await Task.Yield();
            foreach (var e in events)
            {
                Assert.That(_ids.TryAdd(e.EventId, true), Is.True);
            }
        }
    }

    /// <summary>Accepts a batch for each permit.</summary>
    private sealed class PermittingSink : IConcurrentSink
    {
        private readonly SemaphoreSlim _permits = new(0);
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _underWay;

        public int MaxConcurrentBatches => 4;

        public Task Entered => _entered.Task;

        public int UnderWay => Volatile.Read(ref _underWay);

        public void Permit(int batches) => _permits.Release(batches);

        public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _underWay);
            _entered.TrySetResult();
            await _permits.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>Stands still when it has given events away, or before it keeps one.</summary>
    private sealed class PausingEvents : IEventBuffer<BehavioralEvent>
    {
        private readonly ObjectEventBuffer _events = new();
        private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _resumed = new();
        private int _pauses;
        private int _addPauses;

        public int Count => _events.Count;

        public Task Paused => _paused.Task;

        public void PauseNext() => Volatile.Write(ref _pauses, 1);

        public void PauseNextAdd() => Volatile.Write(ref _addPauses, 1);

        public void Resume() => _resumed.Set();

        public void Add(BehavioralEvent behavioralEvent)
        {
            Pause(ref _addPauses);
            _events.Add(behavioralEvent);
        }

        public void Take(List<BehavioralEvent> batch, int most)
        {
            _events.Take(batch, most);
            Pause(ref _pauses);
        }

        private void Pause(ref int pauses)
        {
            if (Interlocked.Exchange(ref pauses, 0) == 1)
            {
                _paused.TrySetResult();
                _resumed.Wait(CancellationToken.None);
            }
        }
    }

    /// <summary>Takes no event.</summary>
    private sealed class RefusingEvents : IEventBuffer<BehavioralEvent>
    {
        public int Count => 0;

        public void Add(BehavioralEvent behavioralEvent) => throw new InvalidOperationException();

        public void Take(List<BehavioralEvent> batch, int most)
        {
            // There are none.
        }
    }

    /// <summary>Holds the thread that it is called on.</summary>
    private sealed class BlockingSink : IEventSink, IDisposable
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _gate = new();

        public Task Entered => _entered.Task;

        public Task Left => _left.Task;

        public void Leave() => _gate.Set();

        public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
        {
            _entered.TrySetResult();
            _gate.Wait(CancellationToken.None);
            _left.TrySetResult();
            return ValueTask.CompletedTask;
        }

        public void Dispose() => _gate.Dispose();
    }
}
