namespace Thoth.Interception.Events.Outbox;

/// <summary>
/// Computes the delay before a failed batch is sent again: 250 ms, doubled with each failure up to 5 s, a quarter more or less.
/// </summary>
internal static class RetryDelay
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <param name="failures">The number of attempts that failed since the last success.</param>
    public static TimeSpan After(int failures)
    {
        var delay = s_first * Math.Pow(2, Math.Min(failures, 10) - 1);
        return (delay < s_longest ? delay : s_longest) * (0.75 + (Random.Shared.NextDouble() / 2));
    }
}
