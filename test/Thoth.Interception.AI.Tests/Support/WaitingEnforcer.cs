namespace Thoth.Interception.AI.Tests.Support;

/// <summary>An enforcer whose decision a test waits for.</summary>
internal sealed class WaitingEnforcer : IEnforcer
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Asked => _asked.Task;

    public async ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return TestEnforcer.Allow;
    }
}
