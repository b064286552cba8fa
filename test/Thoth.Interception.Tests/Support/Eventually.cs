namespace Thoth.Interception.Tests.Support;

/// <summary>Waits for a condition by yielding, and fails the test after 30 seconds with what it waited for.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the condition is true.</summary>
    public static Task TrueAsync(Func<bool> condition, string awaited) => TrueAsync(condition, awaited, static () => Task.CompletedTask);

    /// <summary>Runs the step, for example moves a clock, until the condition is true.</summary>
    public static Task TrueAsync(Func<bool> condition, string awaited, Action step) => TrueAsync(condition, awaited, () =>
    {
        step();
        return Task.CompletedTask;
    });

    /// <summary>Runs the asynchronous step until the condition is true.</summary>
    public static async Task TrueAsync(Func<bool> condition, string awaited, Func<Task> step)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > s_limit)
            {
                throw new AssertionException($"Not true within {s_limit.TotalSeconds} seconds: {awaited}.");
            }

            await step();
            await Task.Yield();
        }
    }

    /// <summary>Yields up to the given number of times, so that other threads can go on; ends early when the condition is true.</summary>
    public static async Task YieldAsync(int turns, Func<bool> until)
    {
        for (var turn = 0; turn < turns && !until(); turn++)
        {
            await Task.Yield();
        }
    }
}
