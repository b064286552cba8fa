namespace Thoth.Interception.LoadTests;

/// <summary>What one run of calls gave.</summary>
internal sealed record Measurement(double CallsPerSecond, double WithDrain, TimeSpan P50, TimeSpan P99, double BytesPerCall)
{
    public static async Task<Measurement> OfAsync(ICaller caller, int callers, int calls)
    {
        var time = TimeProvider.System;
        var durations = new TimeSpan[calls];
        var next = -1;

        // The garbage of the previous measurement does not count for this one.
        GC.Collect();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var start = time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (int call; (call = Interlocked.Increment(ref next)) < calls;)
            {
                var began = time.GetTimestamp();
                await caller.CallAsync(call);
                durations[call] = time.GetElapsedTime(began);
            }
        })));
        var elapsed = time.GetElapsedTime(start);
        await caller.DrainAsync();
        var drained = time.GetElapsedTime(start);
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Array.Sort(durations);
        return new Measurement(
            calls / elapsed.TotalSeconds, calls / drained.TotalSeconds, durations[calls / 2], durations[calls * 99 / 100], (double)bytes / calls);
    }
}
