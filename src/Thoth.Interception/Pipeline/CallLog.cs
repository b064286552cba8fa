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

    public static void Failure(ILogger logger, ToolCall call, EnforcementDecision decision, Exception exception)
    {
        var tool = SafeText.Of(call.Tool.Name);
        Log.Failed(logger, tool, exception.GetType().Name, decision.SdkReasonCode, SafeText.Of(call.Session.Id));
        Log.FailureDetail(logger, exception, tool);
    }
}
