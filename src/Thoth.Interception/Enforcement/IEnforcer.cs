using Thoth.Interception.Threading;

namespace Thoth.Interception;

/// <summary>
/// Decides about tool calls. It is called exactly once per call, concurrently from many threads, and keeps its own time
/// limit. An exception blocks the call; only <see cref="EnforcerUnavailableException"/> may be let through by fail-open.
/// </summary>
public interface IEnforcer
{
    /// <summary>Decides about one call.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">The caller's own token, where the tool takes one.</param>
    /// <returns>The decision.</returns>
    ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Decides about one call of a synchronous tool. The default runs <see cref="EvaluateAsync"/> on the thread pool and
    /// blocks the caller's thread until it has answered; implement it where a truly synchronous way exists.
    /// </summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">The caller's own token, where the tool takes one.</param>
    /// <returns>The decision.</returns>
    EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken) =>
        SynchronousWait.For(
            static state => state.Enforcer.EvaluateAsync(state.Request, state.Token),
            (Enforcer: this, Request: request, Token: cancellationToken));

    /// <summary>
    /// Asks for the state of a held call. It may answer at once, to be asked again after the poll interval, or wait until
    /// somebody has decided.
    /// </summary>
    /// <param name="holdToken">The token of the STEP_UP decision.</param>
    /// <param name="request">The question that was answered with STEP_UP.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up or the time for an approval is over.</param>
    /// <returns>Pending or the final decision. An exception counts as pending until the time is over.</returns>
    ValueTask<HoldAnswer> GetHoldAsync(string holdToken, EnforcementRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Explains a BLOCK or STEP_UP that this enforcer gave, to people (contract §1.5). Asked for only where
    /// <see cref="ThothOptions.Explain"/> is set, and given up after 3 s; an exception is no explanation.
    /// </summary>
    /// <param name="request">The question.</param>
    /// <param name="decision">The decision about it.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up or the time is over.</param>
    /// <returns>The explanation, or <see langword="null"/>, which is what the default answers.</returns>
    ValueTask<Explanation?> ExplainAsync(EnforcementRequest request, EnforcementDecision decision, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Explanation?>(null);
}
