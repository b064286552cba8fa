namespace Thoth.Interception.AspNetCore.Tests.Support;

/// <summary>Waits for a condition by yielding, and fails the test after 30 seconds with what it waited for.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string awaited, Func<Task>? step = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > s_limit)
            {
                throw new AssertionException($"Not true within {s_limit.TotalSeconds} seconds: {awaited}.");
            }

            await (step?.Invoke() ?? Task.CompletedTask);
            await Task.Yield();
        }
    }
}
