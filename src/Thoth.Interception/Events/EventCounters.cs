namespace Thoth.Interception;

/// <summary>Counts what becomes of events, so that none is lost silently.</summary>
internal sealed class EventCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<EventLoss>().Length];
    private long _refused;
    private long _sent;
    private long _retried;

    public void CountSent(int count)
    {
        Interlocked.Add(ref _sent, count);
        ThothDiagnostics.CountEvents(count, "sent");
    }

    public void CountRetried(int count)
    {
        Interlocked.Add(ref _retried, count);
        ThothDiagnostics.CountEvents(count, "retried");
    }

    /// <summary>An event that never came into the queue.</summary>
    public void CountRefused(EventLoss reason)
    {
        Interlocked.Increment(ref _refused);
        CountDropped(reason, 1);
    }

    public void CountDropped(EventLoss reason, int count)
    {
        Interlocked.Add(ref _dropped[(int)reason], count);
        ThothDiagnostics.CountEvents(count, reason switch
        {
            EventLoss.QueueFull => "dropped_queue_full",
            EventLoss.SinkFailed => "dropped_sink_failed",
            EventLoss.Rejected => "dropped_rejected",
            EventLoss.NoCredentials => "dropped_no_credentials",
            _ => "dropped_closed",
        });
    }

    /// <param name="accepted">How many events came into the queue, read after all others.</param>
    public EventStatistics Read(Func<long> accepted)
    {
        // Outcomes are read before what they are outcomes of, so that no event seems to have been sent that never was enqueued.
        var outcomes = new EventStatistics
        {
            Sent = Interlocked.Read(ref _sent),
            Retried = Interlocked.Read(ref _retried),
            DroppedQueueFull = Dropped(EventLoss.QueueFull),
            DroppedSinkFailed = Dropped(EventLoss.SinkFailed),
            DroppedRejected = Dropped(EventLoss.Rejected),
            DroppedNoCredentials = Dropped(EventLoss.NoCredentials),
            DroppedClosed = Dropped(EventLoss.Closed),
        };
        var enqueued = Interlocked.Read(ref _refused) + accepted();
        return outcomes with { Enqueued = enqueued, Waiting = enqueued - outcomes.Sent - outcomes.Dropped };
    }

    private long Dropped(EventLoss reason) => Interlocked.Read(ref _dropped[(int)reason]);
}
