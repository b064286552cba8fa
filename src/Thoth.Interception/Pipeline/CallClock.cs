namespace Thoth.Interception.Pipeline;

/// <summary>
/// Tells the time of day that belongs to a timestamp, which a call takes anyway to measure its duration: reading a clock is
/// dear on the way of a call. The time of day is read again after a short while, so that a correction of the clock shows.
/// </summary>
internal sealed class CallClock(TimeProvider time)
{
    private static readonly TimeSpan s_validity = TimeSpan.FromMilliseconds(100);

    private Reading _last = new(time);

    public long Timestamp() => time.GetTimestamp();

    public DateTimeOffset UtcAt(long timestamp)
    {
        var last = _last;
        var since = time.GetElapsedTime(last.Timestamp, timestamp);
        if (since < TimeSpan.Zero || since > s_validity)
        {
            _last = last = new Reading(time);
            since = time.GetElapsedTime(last.Timestamp, timestamp);
        }

        return last.Utc + since;
    }

    private sealed class Reading(TimeProvider time)
    {
        public long Timestamp { get; } = time.GetTimestamp();

        public DateTimeOffset Utc { get; } = time.GetUtcNow();
    }
}
