using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Health;

namespace Thoth.Interception.Pipeline;

/// <summary>Observe mode (contract §2.2): asks beside the tool, which neither waits for the verdict nor learns of it.</summary>
internal sealed class ObserveModeEvaluator(
    IEnforcer enforcer, EnforcerAvailability reach, ThothOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Contract §1.1.6. The event of an observed call waits for its verdict no longer than this.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    public void Begin(ToolCall call)
    {
        if (options.EvaluateInObserveMode && call.Refusal is null)
        {
            call.Observation = Task.Run(() => VerdictOnAsync(call));
        }
    }

    /// <summary>The verdict as it was; an enforcer that fails, or does not answer in time, leaves the call without one.</summary>
    private async Task<EnforcementDecision?> VerdictOnAsync(ToolCall call)
    {
        try
        {
            using var patience = new CancellationTokenSource(s_timeout, time);
            var decision = await enforcer.EvaluateAsync(call.Request, patience.Token).AsTask().WaitAsync(patience.Token).ConfigureAwait(false);
            reach.Answered();
            if (decision is not null)
            {
                CallLog.Decision(logger, "observe", call, decision);
            }

            return decision;
        }
        catch (Exception exception)
        {
            if (exception is EnforcerUnavailableException)
            {
                reach.Failed();
            }

            Log.FailureDetail(logger, exception, call.Tool.Name);
            return null;
        }
    }
}
