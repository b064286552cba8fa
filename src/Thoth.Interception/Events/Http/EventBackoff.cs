namespace Thoth.Interception;

/// <summary>How long to wait before a batch is sent again (contract §5.6).</summary>
internal static class EventBackoff
{
    public const int Attempts = 3;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="retryAfter">What the API asked for.</param>
    public static TimeSpan After(int attempt, TimeSpan? retryAfter)
    {
        var wait = retryAfter ?? s_step * attempt;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > s_longest ? s_longest : wait;
    }
}
