using Microsoft.Extensions.Logging;
using Thoth.Interception.Diagnostics;
using Thoth.Interception.Serialization;
using Thoth.Interception.Threading;

namespace Thoth.Interception.Pipeline;

/// <summary>
/// Gets the enforcer's explanation of its BLOCK or STEP_UP, if <see cref="ThothOptions.Explain"/> is set (contract §1.5). A failure
/// or a timeout of the explanation never changes the decision.
/// </summary>
internal sealed class Explainer(IExplainingEnforcer? enforcer, bool isEnabled, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(3);

    /// <summary>Tells whether the enforcer can explain the decision: it made it, and it is a BLOCK or STEP_UP.</summary>
    public bool CanExplain(EnforcementDecision decision) =>
        isEnabled && enforcer is not null && decision.Type is (DecisionType.Block or DecisionType.StepUp)
            && decision.SdkReasonCode is (null or SdkReasonCodes.ConflictingDecisions);

    /// <returns>The explanation, or <see langword="null"/> if there is none.</returns>
    public async ValueTask<Explanation?> ExplainAsync(
        EnforcementRequest request, EnforcementDecision decision, CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(s_timeout, time);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
            return await enforcer!.ExplainAsync(request, decision, linked.Token).AsTask().WaitAsync(linked.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.FailureDetail(logger, exception, SafeText.Of(request.ToolName));
            return null;
        }
    }

    /// <summary>Gets the explanation for a synchronous tool.</summary>
    public Explanation? Explain(EnforcementRequest request, EnforcementDecision decision, CancellationToken cancellationToken) =>
        SynchronousWait.For(
            static state => state.Explainer.ExplainAsync(state.Request, state.Decision, state.Token),
            (Explainer: this, Request: request, Decision: decision, Token: cancellationToken));
}
