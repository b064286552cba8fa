namespace Thoth.Interception.AI.Tests.Support;

/// <summary>An enforcer whose holds are somewhere else.</summary>
internal sealed class RemoteEnforcer : IEnforcer
{
    public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(TestEnforcer.Allow);
}
