using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;

namespace Thoth.Interception.Pipeline;

/// <summary>Logs what was decided about a call (contract §7.4).</summary>
internal static class CallLog
{
    public static void Decision(ILogger logger, string phase, ToolCall call, EnforcementDecision decision)
    {
        // Reading an id creates it, so the ids are read only if the line is written.
        if (logger.IsEnabled(LogLevel.Debug))
        {
            Log.Decision(
                logger, phase, call.Tool.Name, decision.VerdictName, decision.AuthorizationDecision, decision.DecisionReasonCode,
                call.Request.Context.EnforcementTraceId, call.Request.ActionAttestationId, call.Session.Id);
        }
    }

    /// <summary>Logs the one line of a call that people read: who called which tool, what was decided by which rule, and how it ended.</summary>
    public static void Ended(ILogger logger, ToolCall call, EventPhase phase, TimeSpan duration, string? errorType)
    {
        var isBlocked = phase == EventPhase.Block;
        if (!logger.IsEnabled(isBlocked ? LogLevel.Warning : LogLevel.Information))
        {
            return;
        }

        var (tool, context, milliseconds) = (call.Tool.Name, call.Request.Context, Math.Round(duration.TotalMilliseconds, 2));
        if (isBlocked)
        {
            Log.Blocked(logger, context.AgentId, context.UserId, tool, Reason(call.Decision), milliseconds, context.SessionId);
            return;
        }

        var decision = Reason(call.Decision);
        switch (phase)
        {
            case EventPhase.Post:
                Log.Ran(logger, context.AgentId, context.UserId, tool, decision, milliseconds, context.SessionId);
                break;
            case EventPhase.Held:
                Log.Held(logger, context.AgentId, context.UserId, tool, decision, context.SessionId);
                break;
            case EventPhase.Cancelled:
                Log.Cancelled(logger, context.AgentId, context.UserId, tool, decision, milliseconds, context.SessionId);
                break;
            default:
                Log.ToolFailed(logger, context.AgentId, context.UserId, tool, errorType, decision, milliseconds, context.SessionId);
                break;
        }
    }

    /// <summary>Describes a decision without empty places: <c>BLOCK by no-deletes</c>, or <c>ALLOW</c> if nothing else is known.</summary>
    private static string Reason(EnforcementDecision? decision) => decision switch
    {
        null => "not decided",
        { MatchedRuleIds: { Count: > 0 } rules } => $"{decision.VerdictName} by {string.Join(", ", rules)}",
        { SdkReasonCode: { } code } => $"{decision.VerdictName} ({code})",
        { DecisionReasonCode: { } code } => $"{decision.VerdictName} ({code})",
        _ => decision.VerdictName,
    };

    public static void Failure(ILogger logger, ToolCall call, EnforcementDecision decision, Exception exception)
    {
        Log.Failed(logger, call.Tool.Name, exception.GetType().Name, decision.SdkReasonCode, call.Session.Id);
        Log.FailureDetail(logger, exception, call.Tool.Name);
    }
}
