namespace Thoth.Interception.Sqlite.Delivery;

/// <summary>How long to wait before a batch is sent again whose every attempt failed: twice as long each time, some more or less.</summary>
internal static class RetryDelay
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <param name="failures">How many attempts have failed since the last that did not.</param>
    public static TimeSpan After(int failures)
    {
        var delay = s_first * Math.Pow(2, Math.Min(failures, 10) - 1);
        return (delay < s_longest ? delay : s_longest) * (0.75 + (Random.Shared.NextDouble() / 2));
    }
}
