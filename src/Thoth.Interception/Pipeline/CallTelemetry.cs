using System.Diagnostics;
using System.Diagnostics.Metrics;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Pipeline;

/// <summary>Traces and measures governed calls. Spans follow OpenTelemetry's GenAI conventions for tool execution.</summary>
internal static class CallTelemetry
{
    private const string ToolName = "gen_ai.tool.name";

    private static readonly Counter<long> s_calls = ThothDiagnostics.Meter.CreateCounter<long>(
        "thoth.tool.calls", "{call}", "Governed tool calls that have ended.");

    private static readonly Histogram<double> s_decision = ThothDiagnostics.Meter.CreateHistogram<double>(
        "thoth.enforcement.duration", "s", "Time from the call to its final decision, approvals included.");

    public static bool MeasuresDecisions => s_decision.Enabled;

    public static Activity? Start(string tool)
    {
        if (!ThothDiagnostics.Source.HasListeners())
        {
            return null;
        }

        var parent = Activity.Current;
        try
        {
            var activity = ThothDiagnostics.Source.StartActivity($"execute_tool {tool}");
            activity?.SetTag("gen_ai.operation.name", "execute_tool").SetTag(ToolName, tool);
            return activity;
        }
        catch (Exception)
        {
            Activity.Current = parent;
            return null;
        }
    }

    public static void RecordDecision(string tool, EnforcementDecision decision, TimeSpan elapsed)
    {
        try
        {
            s_decision.Record(elapsed.TotalSeconds, new(ToolName, tool), new("thoth.decision", decision.VerdictName));
        }
        catch (Exception)
        {
            // A listener failed; the call goes on.
        }
    }

    public static void RecordEnd(ToolCall call, EventPhase phase, string? errorType)
    {
        CountCall(call, phase);
        if (call.Activity is { } activity)
        {
            Stop(activity, call, phase, errorType);
        }
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
        _ => "failed",
    };
}
