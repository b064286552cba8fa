namespace Thoth.Interception.Pipeline;

/// <summary>
/// Converts a timestamp to a time of day. A call takes a timestamp anyway to measure its duration, and reading the clock as well
/// is expensive on the hot path. The clock is read again after a short while, so that a correction of it shows.
/// </summary>
internal sealed class CallClock(TimeProvider time)
{
    private static readonly TimeSpan s_maxAge = TimeSpan.FromMilliseconds(100);

    private Reading _last = new(time);

    public long Timestamp() => time.GetTimestamp();

    public DateTimeOffset UtcAt(long timestamp)
    {
        var last = _last;
        var since = time.GetElapsedTime(last.Timestamp, timestamp);
        if (since < TimeSpan.Zero || since > s_maxAge)
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
