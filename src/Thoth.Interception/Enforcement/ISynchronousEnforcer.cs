namespace Thoth.Interception;

/// <summary>
/// An enforcer that can also decide without asynchronous code. Calls of synchronous tools use <see cref="Evaluate"/>, except in observe mode.
/// </summary>
/// <remarks>
/// With an enforcer that does not implement it, a synchronous tool runs <see cref="IEnforcer.EvaluateAsync"/> on the thread pool
/// and blocks its caller's thread until the decision is there.
/// </remarks>
public interface ISynchronousEnforcer : IEnforcer
{
    /// <summary>Decides about one call of a synchronous tool, by the same rules as <see cref="IEnforcer.EvaluateAsync"/>.</summary>
    /// <param name="request">The request to evaluate.</param>
    /// <param name="cancellationToken">The token of the call if the tool takes one.</param>
    /// <returns>The decision. <see langword="null"/> blocks the call.</returns>
    /// <exception cref="EnforcerUnavailableException">The enforcer cannot be reached or is overloaded.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken);
}
