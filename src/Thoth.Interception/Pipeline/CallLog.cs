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

    public static void Failure(ILogger logger, ToolCall call, EnforcementDecision decision, Exception exception)
    {
        Log.Failed(logger, call.Tool.Name, exception.GetType().Name, decision.SdkReasonCode, call.Session.Id);
        Log.FailureDetail(logger, exception, call.Tool.Name);
    }
}
