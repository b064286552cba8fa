using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Tests.Events;

public sealed class EventMetersTests : IDisposable
{
    private readonly ConcurrentQueue<(string Instrument, double Value, Dictionary<string, object?> Tags)> _measurements = new();
    private readonly MeterListener _listener = new();

    public EventMetersTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Thoth.Interception")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _listener.Start();
    }

    [Test]
    public async Task Queue_MeasuresItsEvents_UnderItsName()
    {
        var name = $"sink {Guid.NewGuid()}";
        var options = new ThothOptions();
        options.Events.QueueCapacity = 12;
        var queue = SinkQueueFactory.CreateInMemory(new InMemoryEventSink(), name, options.Events, TimeProvider.System, NullLogger.Instance);
        await using var pipeline = new EventPipeline([queue], Options.Create(options), TimeProvider.System);
        Assert.That(queue.TryReserve(10), Is.True);

        for (var i = 0; i < 5; i++)
        {
            pipeline.Enqueue(EventSamples.New());
        }

        await pipeline.FlushAsync();
        _listener.RecordObservableInstruments();

        var own = _measurements.Where(m => name.Equals(m.Tags.GetValueOrDefault("thoth.event.sink"))).ToList();
        double Sum(string instrument, string? outcome = null) =>
            own.Where(m => m.Instrument == instrument && Equals(m.Tags.GetValueOrDefault("thoth.event.outcome"), outcome)).Sum(m => m.Value);
        var statistics = pipeline.Statistics;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(statistics.DroppedQueueFull, Is.GreaterThan(0));
            Assert.That(Sum("thoth.events", "sent"), Is.EqualTo(statistics.Sent));
            Assert.That(Sum("thoth.events", "dropped_queue_full"), Is.EqualTo(statistics.DroppedQueueFull));
            Assert.That(Sum("thoth.events.enqueued"), Is.EqualTo(5));
            Assert.That(Sum("thoth.events.waiting"), Is.Zero);
            Assert.That(Sum("thoth.events.batch.size"), Is.EqualTo(statistics.Sent));
            Assert.That(own.Count(m => m.Instrument == "thoth.events.send.duration"), Is.GreaterThan(0));
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue((instrument.Name, value, new Dictionary<string, object?>(tags.ToArray())));
}
