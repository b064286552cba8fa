using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Events.Queue;

/// <summary>Measures what happens to behavioural events, for each sink.</summary>
internal static class EventMetrics
{
    private const string Sink = "thoth.event.sink";

    private static readonly Counter<long> s_events = ThothDiagnostics.Meter.CreateCounter<long>(
        "thoth.events", "{event}", "Behavioural events by outcome.");

    private static readonly Histogram<int> s_batch = ThothDiagnostics.Meter.CreateHistogram<int>(
        "thoth.events.batch.size", "{event}", "Events in a batch.");

    private static readonly Histogram<double> s_delivery = ThothDiagnostics.Meter.CreateHistogram<double>(
        "thoth.events.send.duration", "s", "Time that a sink took for a batch, attempts and waits included.");

    // Weak keys: being observed does not keep a queue alive that was never drained.
    private static readonly ConditionalWeakTable<ISinkQueue, string> s_queues = [];

    static EventMetrics()
    {
        ThothDiagnostics.Meter.CreateObservableCounter(
            "thoth.events.enqueued", static () => Measure(static statistics => statistics.Enqueued), "{event}", "Behavioural events that were recorded.");
        ThothDiagnostics.Meter.CreateObservableGauge(
            "thoth.events.waiting", static () => Measure(static statistics => statistics.Waiting), "{event}", "Behavioural events that are queued or being delivered.");
    }

    public static bool MeasuresBatches => s_batch.Enabled || s_delivery.Enabled;

    public static void Observe(ISinkQueue queue) => s_queues.Add(queue, queue.Name);

    public static void CountEvents(long count, string outcome, string sink)
    {
        try
        {
            s_events.Add(count, new("thoth.event.outcome", outcome), new(Sink, sink));
        }
        catch (Exception)
        {
            // A listener failed; the events go on.
        }
    }

    public static void RecordBatch(string sink, int count, TimeSpan elapsed)
    {
        try
        {
            s_batch.Record(count, new KeyValuePair<string, object?>(Sink, sink));
            s_delivery.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(Sink, sink));
        }
        catch (Exception)
        {
            // A listener failed; the events go on.
        }
    }

    private static IEnumerable<Measurement<long>> Measure(Func<EventStatistics, long> select) => s_queues
        .GroupBy(static queue => queue.Value, queue => select(queue.Key.Statistics))
        .Select(static sink => new Measurement<long>(sink.Sum(), new KeyValuePair<string, object?>(Sink, sink.Key)));
}
