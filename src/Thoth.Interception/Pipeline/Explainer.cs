using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Has the enforcer explain its own BLOCK or STEP_UP, where that is asked for (contract §1.5). Whatever goes wrong with it,
/// and however long it takes, the verdict stands.
/// </summary>
internal sealed class Explainer(IEnforcer enforcer, bool isOn, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(3);

    /// <summary>A verdict of the enforcer's own: it is not asked to explain that it could not be asked.</summary>
    public bool Explains(EnforcementDecision decision) =>
        isOn && decision.Type is (DecisionType.Block or DecisionType.StepUp)
            && decision.SdkReasonCode is (null or SdkReasonCodes.ConflictingDecisions);

    /// <returns>The explanation, or <see langword="null"/> where there is none.</returns>
    public async ValueTask<Explanation?> ExplainAsync(
        EnforcementRequest request, EnforcementDecision decision, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = new CancellationTokenSource(s_budget, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            return await enforcer.ExplainAsync(request, decision, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.FailureDetail(logger, exception, request.ToolName);
            return null;
        }
    }

    /// <summary>The same for a synchronous tool.</summary>
    public Explanation? Explain(EnforcementRequest request, EnforcementDecision decision, CancellationToken cancellationToken) =>
        SynchronousWait.For(
            static state => state.Explainer.ExplainAsync(state.Request, state.Decision, state.Token),
            (Explainer: this, Request: request, Decision: decision, Token: cancellationToken));
}
