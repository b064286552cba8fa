using Thoth.Interception.Events.Queue;

namespace Thoth.Interception.Testing.Recording;

/// <summary>Records each event on the thread of its call, so that it is recorded when the call returns to its caller.</summary>
internal sealed class RecordingQueue(CallLog log) : ISinkQueue
{
    private long _count;

    public string Name => nameof(TestEnforcer);

    public EventStatistics Statistics
    {
        get
        {
            var count = Interlocked.Read(ref _count);
            return new() { Enqueued = count, Sent = count };
        }
    }

    public double Fill => 0;

    public void Enqueue(BehavioralEvent behavioralEvent)
    {
        log.Add(behavioralEvent);
        Interlocked.Increment(ref _count);
    }

    public bool TryReserve(int places) => true;

    public ValueTask<bool> ReserveAsync(int places, TimeSpan timeout, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public void EnqueueReserved(BehavioralEvent behavioralEvent) => Enqueue(behavioralEvent);

    public void Release(int places)
    {
        // There is room for any number of events.
    }

    public Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DrainAsync() => Task.CompletedTask;
}
