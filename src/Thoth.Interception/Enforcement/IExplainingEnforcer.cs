namespace Thoth.Interception;

/// <summary>
/// An enforcer that can explain its refusals to people (contract §1.5). It is asked only if <see cref="ThothOptions.Explain"/>
/// is on.
/// </summary>
public interface IExplainingEnforcer : IEnforcer
{
    /// <summary>
    /// Explains a <see cref="DecisionType.Block"/> or <see cref="DecisionType.StepUp"/> of this enforcer. An exception, or no
    /// result within 3 seconds, leaves the call without an explanation; the decision stands in any case.
    /// </summary>
    /// <param name="request">The request that was evaluated.</param>
    /// <param name="decision">The decision to explain.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up or the 3 seconds are over.</param>
    /// <returns>The explanation, or <see langword="null"/> if there is none.</returns>
    ValueTask<Explanation?> ExplainAsync(EnforcementRequest request, EnforcementDecision decision, CancellationToken cancellationToken);
}
