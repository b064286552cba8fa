namespace Thoth.Interception;

/// <summary>Counts what becomes of events, so that none is lost silently.</summary>
internal sealed class EventCounters
{
    private readonly long[] _dropped = new long[3];
    private long _refused;
    private long _sent;

    public void CountSent(int count)
    {
        Interlocked.Add(ref _sent, count);
        ThothDiagnostics.CountEvents(count, "sent");
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
            _ => "dropped_closed",
        });
    }

    /// <param name="accepted">How many events came into the queue, read after all others.</param>
    public EventStatistics Read(Func<long> accepted)
    {
        // Outcomes are read before what they are outcomes of, so that no event seems to have been sent that never was enqueued.
        var sent = Interlocked.Read(ref _sent);
        var full = Interlocked.Read(ref _dropped[(int)EventLoss.QueueFull]);
        var failed = Interlocked.Read(ref _dropped[(int)EventLoss.SinkFailed]);
        var closed = Interlocked.Read(ref _dropped[(int)EventLoss.Closed]);
        var enqueued = Interlocked.Read(ref _refused) + accepted();
        return new EventStatistics(enqueued, sent, full, failed, closed, enqueued - sent - full - failed - closed);
    }
}

/// <summary>Why an event was dropped.</summary>
internal enum EventLoss
{
    QueueFull,
    SinkFailed,
    Closed,
}
