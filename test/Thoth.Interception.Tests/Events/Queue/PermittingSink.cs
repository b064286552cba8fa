namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Accepts one batch for each permit.</summary>
internal sealed class PermittingSink : IConcurrentSink
{
    private readonly SemaphoreSlim _permits = new(0);
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;

    public int MaxConcurrentBatches => 4;

    public Task Entered => _entered.Task;

    public int UnderWay => Volatile.Read(ref _underWay);

    public void Permit(int batches) => _permits.Release(batches);

    public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _underWay);
        _entered.TrySetResult();
        await _permits.WaitAsync(cancellationToken);
        Interlocked.Decrement(ref _underWay);
    }
}
