namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Takes batches only while it is open.</summary>
internal sealed class GatedSink : IConcurrentSink
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrived = new(0);
    private int _underWay;

    public int MaxConcurrentBatches { get; init; } = 1;

    public List<int> BatchSizes { get; } = [];

    public bool IsOpen { get; init; }

    public bool IgnoresToken { get; init; }

    public int MostUnderWay { get; private set; }

    public Task FirstBatch => _first.Task;

    public void Open() => _gate.TrySetResult();

    public async Task ReachedAsync(int batches)
    {
        for (var i = 0; i < batches; i++)
        {
            await _arrived.WaitAsync();
        }
    }

    public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        lock (BatchSizes)
        {
            BatchSizes.Add(events.Count);
            MostUnderWay = Math.Max(MostUnderWay, Interlocked.Increment(ref _underWay));
        }

        _first.TrySetResult();
        _arrived.Release();
        if (!IsOpen)
        {
            await _gate.Task.WaitAsync(IgnoresToken ? CancellationToken.None : cancellationToken);
        }

        Interlocked.Decrement(ref _underWay);
    }
}
