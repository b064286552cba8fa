using System.Diagnostics;
using System.Diagnostics.Metrics;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Traces and measures governed calls by OpenTelemetry's GenAI conventions for tool execution. A call has one span: if a GenAI
/// library has already started it, that one gets the call's tags.
/// </summary>
internal static class CallTelemetry
{
    private const string OperationName = "gen_ai.operation.name";
    private const string ExecuteTool = "execute_tool";
    private const string ToolName = "gen_ai.tool.name";
    private const string AsyncSuffix = "Async";

    /// <summary>Marks the span of a call, so that a call inside the tool gets one of its own.</summary>
    private const string Taken = "thoth.call";

    private static readonly Counter<long> s_calls = ThothDiagnostics.Meter.CreateCounter<long>(
        "thoth.tool.calls", "{call}", "Governed tool calls that have ended.");

    /// <summary>0.1 ms to 10 s: a local policy decides in microseconds, an enforcer over HTTP in milliseconds, and an approval takes longer.</summary>
    private static readonly Histogram<double> s_decision = ThothDiagnostics.Meter.CreateHistogram(
        "thoth.enforcement.duration", "s", "Time from the call to its final decision, approvals included.", tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        });

    /// <summary>Whether the time of a decision is worth reading the clock for.</summary>
    public static bool MeasuresDecisions(ToolCall call) => s_decision.Enabled || call.Span is not null;

    /// <summary>Starts the call's span, or takes the one that a GenAI library has started for it.</summary>
    /// <returns>The span, and whether it is the library's own, which the call must end.</returns>
    public static (Activity? Span, bool IsOwn) Start(string tool, EnforcementContext context, string? callId)
    {
        if (SpanOfGenAiLibrary(tool) is { } started)
        {
            started.SetCustomProperty(Taken, Taken);
            SetTags(started, context, callId);
            return (started, false);
        }

        if (!ThothDiagnostics.Source.HasListeners())
        {
            return default;
        }

        var parent = Activity.Current;
        try
        {
            var activity = ThothDiagnostics.Source.StartActivity($"{ExecuteTool} {tool}");
            if (activity is not null)
            {
                activity.SetTag(OperationName, ExecuteTool).SetTag(ToolName, tool).SetTag("gen_ai.tool.type", "function");
                SetTags(activity, context, callId);
            }

            return (activity, true);
        }
        catch (Exception)
        {
            Activity.Current = parent;
            return default;
        }
    }

    private static void SetTags(Activity span, EnforcementContext context, string? callId)
    {
        SetMissing(span, "gen_ai.conversation.id", context.SessionId);
        SetMissing(span, "gen_ai.agent.id", context.AgentId);
        if (callId is not null)
        {
            SetMissing(span, "gen_ai.tool.call.id", SafeText.Of(callId));
        }
    }

    private static void SetMissing(Activity span, string name, string value)
    {
        if (span.GetTagItem(name) is null)
        {
            span.SetTag(name, value);
        }
    }

    /// <summary>Records that the call waits for an approval.</summary>
    public static void RecordHeld(ToolCall call, TimeSpan elapsed) => AddEvent(call, "thoth.held", call.Request.OccurredAt + elapsed, null);

    /// <summary>Records that a held call is made again.</summary>
    public static void RecordResumed(ToolCall call) => AddEvent(call, "thoth.resumed", call.Request.OccurredAt, null);

    public static void RecordDecision(ToolCall call, EnforcementDecision decision, TimeSpan elapsed)
    {
        AddEvent(call, "thoth.decided", call.Request.OccurredAt + elapsed, decision.VerdictName);
        if (!s_decision.Enabled)
        {
            return;
        }

        try
        {
            s_decision.Record(elapsed.TotalSeconds, new(ToolName, call.Tool.Name), new("thoth.decision", decision.VerdictName));
        }
        catch (Exception)
        {
            // A listener failed; the call goes on.
        }
    }

    /// <param name="call">The call.</param>
    /// <param name="phase">How it ended.</param>
    /// <param name="errorType">The type of the failure; <see langword="null"/> if a policy refused the call, which is not an error of the tool.</param>
    public static void RecordEnd(ToolCall call, EventPhase phase, string? errorType)
    {
        CountCall(call, phase);
        if (call.Span is { } span)
        {
            span.SetTag("thoth.decision", call.Decision?.VerdictName).SetTag("thoth.outcome", OutcomeOf(phase));
            if (call.Decision?.DecisionReasonCode is { } code)
            {
                span.SetTag("thoth.decision.reason_code", code);
            }
        }

        if (call.Activity is { } activity)
        {
            Stop(activity, errorType);
        }
    }

    private static void AddEvent(ToolCall call, string name, DateTimeOffset at, string? verdict)
    {
        if (call.Span is { IsAllDataRequested: true } span)
        {
            span.AddEvent(new ActivityEvent(name, at, verdict is null ? null : new ActivityTagsCollection { ["thoth.decision"] = verdict }));
        }
    }

    /// <summary>Finds the span of a GenAI library for the very call that starts now.</summary>
    private static Activity? SpanOfGenAiLibrary(string tool) =>
        Activity.Current is { } current && current.Source != ThothDiagnostics.Source
            && current.GetCustomProperty(Taken) is null
            && current.GetTagItem(OperationName) is ExecuteTool
            && current.GetTagItem(ToolName) is string function && IsSameTool(tool, function)
            ? current
            : null;

    /// <summary>
    /// Whether a function and a tool are the same call: <c>ReadOrderAsync</c> and <c>order_tools__read_order</c> are. A function that
    /// calls other tools keeps its span, and they get their own.
    /// </summary>
    private static bool IsSameTool(string tool, string function) => Normalize(tool).Equals(Normalize(function), StringComparison.OrdinalIgnoreCase);

    private static string Normalize(string name)
    {
        var start = name.LastIndexOf("__", StringComparison.Ordinal) is >= 0 and var prefix ? prefix + 2 : 0;
        var end = name.EndsWith(AsyncSuffix, StringComparison.Ordinal) ? name.Length - AsyncSuffix.Length : name.Length;
        return name[start..Math.Max(start, end)].Replace("_", "").Replace("-", "");
    }

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
            // A listener failed; the call goes on.
        }
    }

    private static void Stop(Activity activity, string? errorType)
    {
        if (errorType is not null)
        {
            activity.SetTag("error.type", errorType).SetStatus(ActivityStatusCode.Error);
        }

        // Stopping an activity makes its parent current, even if another activity is current here.
        var current = Activity.Current;
        try
        {
            activity.Dispose();
        }
        catch (Exception)
        {
            // A listener failed; the call goes on.
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
        EventPhase.Held => "held",
        _ => "failed",
    };
}
