using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Serialization;

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
                logger, phase, SafeText.Of(call.Tool.Name), decision.VerdictName, decision.AuthorizationDecision, decision.DecisionReasonCode,
                SafeText.Of(call.Request.Context.EnforcementTraceId), SafeText.Of(call.Request.ActionAttestationId), SafeText.Of(call.Session.Id));
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

        var (tool, context, milliseconds) = (SafeText.Of(call.Tool.Name), call.Request.Context, Math.Round(duration.TotalMilliseconds, 2));
        var (agent, user, session) = (SafeText.Of(context.AgentId), SafeText.Of(context.UserId), SafeText.Of(context.SessionId));
        if (isBlocked)
        {
            Log.Blocked(logger, agent, user, tool, Reason(call.Decision), milliseconds, session);
            return;
        }

        var decision = Reason(call.Decision);
        switch (phase)
        {
            case EventPhase.Post:
                Log.Ran(logger, agent, user, tool, decision, milliseconds, session);
                break;
            case EventPhase.Held:
                Log.Held(logger, agent, user, tool, decision, session);
                break;
            case EventPhase.Cancelled:
                Log.Cancelled(logger, agent, user, tool, decision, milliseconds, session);
                break;
            default:
                Log.ToolFailed(logger, agent, user, tool, errorType, decision, milliseconds, session);
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
        var tool = SafeText.Of(call.Tool.Name);
        Log.Failed(logger, tool, exception.GetType().Name, decision.SdkReasonCode, SafeText.Of(call.Session.Id));
        Log.FailureDetail(logger, exception, tool);
    }
}
