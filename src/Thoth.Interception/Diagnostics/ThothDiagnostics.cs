using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Pipeline;

namespace Thoth.Interception.Diagnostics;

/// <summary>
/// Traces and metrics under the name <c>Thoth.Interception</c>. Spans follow OpenTelemetry's GenAI conventions for tool
/// execution; nothing here holds an argument, a result or a reason. A listener that throws is alone with it: it must neither
/// refuse a tool call nor replace its result.
/// </summary>
internal static class ThothDiagnostics
{
    public const string Name = "Thoth.Interception";

    private const string ToolName = "gen_ai.tool.name";
    private const string Sink = "thoth.event.sink";

    private static readonly string? s_version = typeof(ThothDiagnostics).Assembly.GetName().Version?.ToString(3);
    private static readonly ActivitySource s_source = new(Name, s_version);
    private static readonly Meter s_meter = new(Name, s_version);

    private static readonly Counter<long> s_calls = s_meter.CreateCounter<long>(
        "thoth.tool.calls", "{call}", "Governed tool calls that have ended.");

    private static readonly Histogram<double> s_decision = s_meter.CreateHistogram<double>(
        "thoth.enforcement.duration", "s", "From the call to the final decision, approvals included.");

    private static readonly Counter<long> s_events = s_meter.CreateCounter<long>(
        "thoth.events", "{event}", "Behavioural events by what became of them.");

    private static readonly Histogram<int> s_batch = s_meter.CreateHistogram<int>(
        "thoth.events.batch.size", "{event}", "Events in a batch.");

    private static readonly Histogram<double> s_delivery = s_meter.CreateHistogram<double>(
        "thoth.events.send.duration", "s", "From giving a batch to a sink to its end, attempts and waits included.");

    // Queues that nobody closes are not kept alive by being observed.
    private static readonly ConditionalWeakTable<ISinkQueue, string> s_queues = [];

    static ThothDiagnostics()
    {
        s_meter.CreateObservableCounter(
            "thoth.events.enqueued", static () => OfQueues(static statistics => statistics.Enqueued), "{event}", "Behavioural events that were recorded.");
        s_meter.CreateObservableGauge(
            "thoth.events.waiting", static () => OfQueues(static statistics => statistics.Waiting), "{event}", "Behavioural events that are queued or being delivered.");
    }

    public static bool MeasuresDecisions => s_decision.Enabled;

    public static bool MeasuresBatches => s_batch.Enabled || s_delivery.Enabled;

    public static Activity? StartCall(string tool)
    {
        if (!s_source.HasListeners())
        {
            return null;
        }

        var callers = Activity.Current;
        try
        {
            var activity = s_source.StartActivity($"execute_tool {tool}");
            activity?.SetTag("gen_ai.operation.name", "execute_tool").SetTag(ToolName, tool);
            return activity;
        }
        catch (Exception)
        {
            Activity.Current = callers;
            return null;
        }
    }

    public static void Decided(string tool, EnforcementDecision decision, TimeSpan elapsed)
    {
        try
        {
            s_decision.Record(elapsed.TotalSeconds, new(ToolName, tool), new("thoth.decision", decision.VerdictName));
        }
        catch (Exception)
        {
            // The listener's failure is its own.
        }
    }

    public static void Ended(ToolCall call, EventPhase phase, string? errorType)
    {
        CountCall(call, phase);
        if (call.Activity is { } activity)
        {
            Stop(activity, call, phase, errorType);
        }
    }

    public static void CountEvents(long count, string outcome, string sink)
    {
        try
        {
            s_events.Add(count, new("thoth.event.outcome", outcome), new(Sink, sink));
        }
        catch (Exception)
        {
            // The listener's failure is its own.
        }
    }

    public static void Observe(ISinkQueue queue) => s_queues.Add(queue, queue.Name);

    public static void Delivered(string sink, int count, TimeSpan elapsed)
    {
        try
        {
            s_batch.Record(count, new KeyValuePair<string, object?>(Sink, sink));
            s_delivery.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>(Sink, sink));
        }
        catch (Exception)
        {
            // The listener's failure is its own.
        }
    }

    private static IEnumerable<Measurement<long>> OfQueues(Func<EventStatistics, long> figure) => s_queues
        .GroupBy(static queue => queue.Value, queue => figure(queue.Key.Statistics))
        .Select(static sink => new Measurement<long>(sink.Sum(), new KeyValuePair<string, object?>(Sink, sink.Key)));

    private static void CountCall(ToolCall call, EventPhase phase)
    {
        if (!s_calls.Enabled)
        {
            return;
        }

        try
        {
            s_calls.Add(
                1, new(ToolName, call.Tool.Name), new("thoth.decision", call.Decision?.VerdictName), new("thoth.outcome", OutcomeOf(phase)));
        }
        catch (Exception)
        {
            // The listener's failure is its own.
        }
    }

    private static void Stop(Activity activity, ToolCall call, EventPhase phase, string? errorType)
    {
        activity.SetTag("thoth.decision", call.Decision?.VerdictName).SetTag("thoth.outcome", OutcomeOf(phase));
        if (call.Decision?.DecisionReasonCode is { } code)
        {
            activity.SetTag("thoth.decision.reason_code", code);
        }

        if (errorType is not null)
        {
            activity.SetTag("error.type", errorType).SetStatus(ActivityStatusCode.Error);
        }

        // Stopping makes the parent current, also on a thread or at a time where another activity is.
        var current = Activity.Current;
        try
        {
            activity.Dispose();
        }
        catch (Exception)
        {
            // The listener's failure is its own.
        }
        finally
        {
            Activity.Current = current == activity ? activity.Parent : current;
        }
    }

    private static string OutcomeOf(EventPhase phase) => phase switch
    {
        EventPhase.Post => "completed",
        EventPhase.Block => "blocked",
        EventPhase.Cancelled => "cancelled",
        _ => "failed",
    };
}
