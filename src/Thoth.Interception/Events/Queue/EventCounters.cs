using Thoth.Interception.Threading;

namespace Thoth.Interception.Events.Queue;

/// <summary>Counts what becomes of one queue's events, so that none is lost silently.</summary>
internal sealed class EventCounters(string sink)
{
    private static readonly string[] s_outcomes = Array.ConvertAll(Enum.GetValues<DropReason>(), static loss => loss switch
    {
        DropReason.QueueFull => "dropped_queue_full",
        DropReason.SinkFailed => "dropped_sink_failed",
        DropReason.Rejected or DropReason.Unauthorized => "dropped_rejected",
        DropReason.NoCredentials => "dropped_no_credentials",
        _ => "dropped_closed",
    });

    private readonly long[] _dropped = new long[s_outcomes.Length];
    private PaddedCounter _enqueued;
    private long _sent;
    private long _spooled;
    private long _recovered;

    public long Enqueued => Volatile.Read(ref _enqueued.Value);

    public long DroppedQueueFull => Dropped(DropReason.QueueFull);

    /// <summary>An event was recorded, whatever becomes of it.</summary>
    /// <returns>How many there are now.</returns>
    public long CountEnqueued() => Interlocked.Increment(ref _enqueued.Value);

    /// <summary>Events were written to where they outlive the process. They wait on.</summary>
    public void CountSpooled(int count)
    {
        Interlocked.Add(ref _spooled, count);
        EventMetrics.CountEvents(count, "spooled", sink);
    }

    /// <summary>Events of an earlier process were found. They are enqueued once more.</summary>
    public void CountRecovered(int count)
    {
        Interlocked.Add(ref _enqueued.Value, count);
        Interlocked.Add(ref _recovered, count);
        EventMetrics.CountEvents(count, "recovered", sink);
    }

    public void Count(BatchPart part)
    {
        if (part.Loss is { } loss)
        {
            CountDropped(loss, part.Count);
        }
        else
        {
            Interlocked.Add(ref _sent, part.Count);
            EventMetrics.CountEvents(part.Count, "sent", sink);
        }
    }

    public void CountDropped(DropReason reason, int count)
    {
        Interlocked.Add(ref _dropped[(int)reason], count);
        EventMetrics.CountEvents(count, s_outcomes[(int)reason], sink);
    }

    /// <param name="retried">The sink's own figure.</param>
    public EventStatistics Read(long retried)
    {
        // Outcomes are read before what they are outcomes of, so that no event seems to have been sent that never was enqueued.
        var outcomes = new EventStatistics
        {
            Sent = Interlocked.Read(ref _sent),
            Retried = retried,
            Spooled = Interlocked.Read(ref _spooled),
            Recovered = Interlocked.Read(ref _recovered),
            DroppedQueueFull = DroppedQueueFull,
            DroppedSinkFailed = Dropped(DropReason.SinkFailed),
            DroppedRejected = Dropped(DropReason.Rejected) + Dropped(DropReason.Unauthorized),
            DroppedNoCredentials = Dropped(DropReason.NoCredentials),
            DroppedClosed = Dropped(DropReason.Closed),
        };
        var enqueued = Interlocked.Read(ref _enqueued.Value);
        return outcomes with { Enqueued = enqueued, Waiting = enqueued - outcomes.Sent - outcomes.Dropped };
    }

    private long Dropped(DropReason reason) => Interlocked.Read(ref _dropped[(int)reason]);
}
