namespace Thoth.Interception.Tests.Events.Queue;

/// <summary>Takes two batches at a time, and keeps the thread that brings a full one until another thread has brought the other.</summary>
internal sealed class MeetingSink : IConcurrentSink
{
    private readonly Barrier _both = new(2);

    public int MaxConcurrentBatches => 2;

    public bool HaveMet { get; private set; }

    public ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 10 && _both.SignalAndWait(TimeSpan.FromSeconds(30), cancellationToken))
        {
            HaveMet = true;
        }

        return ValueTask.CompletedTask;
    }
}
