using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Health;
using Thoth.Interception.Serialization;

namespace Thoth.Interception.Pipeline;

/// <summary>Observe mode (contract §2.2): evaluates a call beside its running tool, which neither waits for the decision nor sees it.</summary>
internal sealed class ObserveModeEvaluator(
    IEnforcer enforcer, EnforcerAvailability availability, ThothOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>The longest time that the last event of an observed call waits for the decision (contract §1.1.6).</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    public void Begin(ToolCall call)
    {
        if (options.EvaluateInObserveMode && call.Refusal is null)
        {
            call.Observation = Task.Run(() => EvaluateAsync(call));
        }
    }

    /// <returns>The decision, or <see langword="null"/> if the enforcer failed or did not respond in time.</returns>
    private async Task<EnforcementDecision?> EvaluateAsync(ToolCall call)
    {
        try
        {
            using var timeout = new CancellationTokenSource(s_timeout, time);
            var decision = await enforcer.EvaluateAsync(call.Request, timeout.Token).AsTask().WaitAsync(timeout.Token).ConfigureAwait(false);
            availability.Answered();
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
                availability.Failed();
            }

            Log.FailureDetail(logger, exception, SafeText.Of(call.Tool.Name));
            return null;
        }
    }
}
