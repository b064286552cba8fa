using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Tests.Events;

/// <summary>At every moment enqueued = sent + dropped + waiting, whatever sinks do.</summary>
public class StatisticsUnderFaultsTests
{
    private const int Writers = 4;
    private const int EventsOfAWriter = 20_000;

    [TestCase("moody")]
    [TestCase("hanging")]
    [TestCase("failing")]
    [TestCase("good")]
    public async Task Sum_HoldsAtEveryMoment_AndInTheEndTellsTheTruth(string kind)
    {
        var sink = new FaultySink(kind);
        var options = new ThothOptions();

        // A sink that is given up on may still accept what was counted as lost: only the one that hangs is.
        options.Events.QueueCapacity = 500;
        options.Events.DrainTimeout = kind == "hanging" ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromSeconds(30);
        var queue = SinkQueueFactory.CreateInMemory(sink, kind, options.Events, TimeProvider.System, NullLogger.Instance);
        var pipeline = new EventPipeline([queue], Options.Create(options), TimeProvider.System);
        using var done = new CancellationTokenSource();
        var watching = Task.Run(() => Watch(pipeline, done.Token));

        var writing = Enumerable.Range(0, Writers).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < EventsOfAWriter; i++)
            {
                pipeline.Enqueue(EventSamples.New());
            }
        })).ToArray();

        // Half of the kinds are closed in the midst of it.
        await Task.WhenAll(kind is "moody" or "hanging" ? writing[..2] : writing);
        await pipeline.DisposeAsync();
        await Task.WhenAll(writing);
        await done.CancelAsync();
        var looks = await watching;

        var end = pipeline.Statistics;
        Assert.That((end.Enqueued, end.Waiting), Is.EqualTo((Writers * EventsOfAWriter, 0)));
        Assert.That(end.Sent + end.Dropped, Is.EqualTo(end.Enqueued));
        Assert.That(end.Sent, Is.EqualTo(sink.Accepted));
        Assert.That(looks, Is.GreaterThan(0));
    }

    private static int Watch(EventPipeline pipeline, CancellationToken done)
    {
        var (looks, last) = (0, pipeline.Statistics);
        while (!done.IsCancellationRequested)
        {
            var now = pipeline.Statistics;
            Assert.That(now.Sent + now.Dropped + now.Waiting, Is.EqualTo(now.Enqueued));
            Assert.That(now.Waiting, Is.GreaterThanOrEqualTo(0));
            Assert.That(now.Enqueued, Is.GreaterThanOrEqualTo(last.Enqueued));
            Assert.That(now.Sent, Is.GreaterThanOrEqualTo(last.Sent));
            Assert.That(now.Dropped, Is.GreaterThanOrEqualTo(last.Dropped));
            (looks, last) = (looks + 1, now);
        }

        return looks;
    }

    private sealed class FaultySink(string kind) : IEventSink
    {
        private long _accepted;
        private int _turn;

        public long Accepted => Interlocked.Read(ref _accepted);

        public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
        {
            var turn = Interlocked.Increment(ref _turn);
            if (kind == "hanging" && turn > 20)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            if (kind == "moody")
            {
                await Task.Yield();
            }

            if (kind == "failing" || (kind == "moody" && turn % 3 == 0))
            {
                throw new InvalidOperationException();
            }

            Interlocked.Add(ref _accepted, events.Count);
        }
    }
}
