namespace Thoth.Interception.LoadTests;

/// <summary>200 calls at once against an enforcer that takes 50 ms for each.</summary>
internal static class SlowEnforcer
{
    public static async Task MeasureAsync(Uri url)
    {
        await using var governed = new GovernedCaller(new Uri(url, "/slow"));
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, 200).Select(governed.CallAsync));
            var elapsed = TimeProvider.System.GetElapsedTime(start);
            best = elapsed < best ? elapsed : best;
            await governed.DrainAsync();
        }

        Console.WriteLine($"200 concurrent calls, the enforcer answers in 50 ms: {best.TotalMilliseconds:F0} ms.");
    }
}
