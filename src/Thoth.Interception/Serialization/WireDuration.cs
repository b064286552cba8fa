namespace Thoth.Interception.Serialization;

/// <summary>Durations as the wire contract writes them: in milliseconds with decimals, or in whole seconds.</summary>
internal static class WireDuration
{
    /// <returns>The duration, rounded to 100 ns; <see langword="null"/> if it is out of <see cref="TimeSpan"/>'s range.</returns>
    public static TimeSpan? FromMilliseconds(double milliseconds)
    {
        var ticks = Math.Round(milliseconds * TimeSpan.TicksPerMillisecond);
        return Math.Abs(ticks) < long.MaxValue ? TimeSpan.FromTicks((long)ticks) : null;
    }

    /// <summary>Rounds up, so that a caller that waits as long never comes too early.</summary>
    public static long ToWholeSeconds(this TimeSpan duration)
    {
        var (seconds, rest) = Math.DivRem(duration.Ticks, TimeSpan.TicksPerSecond);
        return rest > 0 ? seconds + 1 : seconds;
    }
}
