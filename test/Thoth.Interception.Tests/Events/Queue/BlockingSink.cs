namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Blocks the thread that calls it until the test lets it go.</summary>
internal sealed class BlockingSink : IEventSink, IDisposable
{
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _gate = new();

    public Task Entered => _entered.Task;

    public Task Left => _left.Task;

    public void Leave() => _gate.Set();

    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        _entered.TrySetResult();
        _gate.Wait(CancellationToken.None);
        _left.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _gate.Dispose();
}
