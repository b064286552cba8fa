namespace Thoth.Interception;

/// <summary>An enforcer that owns its holds, so that this process may answer them: the local policy, and no enforcer over HTTP.</summary>
public interface IResolvableHoldEnforcer : IHoldEnforcer
{
    /// <summary>Approves or denies a held call.</summary>
    /// <param name="holdToken">The token of the <see cref="DecisionType.StepUp"/> decision.</param>
    /// <param name="request">The held request without its arguments, which are not stored.</param>
    /// <param name="answer">The answer. The first one counts.</param>
    /// <param name="cancellationToken">Cancels the answer.</param>
    /// <returns>Whether the answer counts: the call is held, in time, and not answered before.</returns>
    ValueTask<bool> ResolveHoldAsync(string holdToken, EnforcementRequest request, ApprovalAnswer answer, CancellationToken cancellationToken);
}
