using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events;

/// <summary>A million events in one run: none is lost, and memory does not grow with them.</summary>
[NonParallelizable]
public class ManyEventsTests
{
    private const int Calls = 500_000;

    [Test]
    public async Task AMillionEvents_FlatMemory_NothingLost()
    {
        var sink = new CountingSink();
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId) = ("acme", "agent");
            (options.Events.FullMode, options.Events.WaitTimeout) = (EventQueueFullMode.Wait, TimeSpan.FromMinutes(1));
            (options.Events.QueueCapacity, options.Events.BatchSize) = (10_000, 500);
        }).UseEnforcer(new ScriptedEnforcer()).AddEventSink(sink);
        await using var provider = services.BuildServiceProvider();
        var pipeline = provider.GetRequiredService<EventPipeline>();
        var heap = new List<double>();
        var started = TimeProvider.System.GetTimestamp();

        for (var i = 1; i <= Calls; i++)
        {
            var events = pipeline.Begin(EventSamples.New());
            await events.SecureAsync(null, CancellationToken.None);
            events.End(EventSamples.New(BehavioralEventType.ToolCallPost));
            if (i % (Calls / 10) == 0)
            {
                heap.Add(GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024.0);
            }
        }

        await pipeline.FlushAsync();
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        await TestContext.Out.WriteLineAsync(
            $"{sink.Count:N0} events in {elapsed.TotalSeconds:F1} s; heap after each tenth: {string.Join(", ", heap.Select(mb => $"{mb:F0}"))} MB.");
        Assert.That(pipeline.Statistics, Is.EqualTo(new EventStatistics { Enqueued = 2 * Calls, Sent = 2 * Calls }));
        Assert.That(sink.Count, Is.EqualTo(2 * Calls));
        Assert.That(heap[^1], Is.LessThan(heap.Min() + 20));
    }

    private sealed class CountingSink : IEventSink
    {
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
        {
            Interlocked.Add(ref _count, events.Count);
            return ValueTask.CompletedTask;
        }
    }
}
