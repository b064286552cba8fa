using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;
using Thoth.Interception.Sqlite;

namespace Evidence;

/// <summary>
/// Measures the cost of each durability: governed calls per second, without and with the time until each event has arrived. Each
/// setting runs three times, one after the other, and the best run counts. The number of calls is limited, so no queue fills up.
/// </summary>
internal static class Measurement
{
    private const int Rounds = 3;
    private const int MaxCalls = 40_000;

    public static async Task<int> RunAsync(TimeSpan duration)
    {
        (string Name, Action<SqliteOutboxOptions>? Outbox)[] settings =
        [
            ("no outbox", null),
            ("Background", static _ => { }),
            ("BeforeExecution, Sync = Process", static options => (options.Durability, options.Sync) = (OutboxDurability.BeforeExecution, OutboxSync.Process)),
            ("BeforeExecution, Sync = Full", static options => options.Durability = OutboxDurability.BeforeExecution),
        ];
        await using var server = await IngestServer.StartAsync();
        Console.WriteLine($"{Environment.ProcessorCount} cores, best of {Rounds}; the server of the events runs in the same process.");
        Console.WriteLine("| callers | setting | calls per second | of no outbox | until all have arrived | of no outbox |");
        Console.WriteLine("| ---: | --- | ---: | ---: | ---: | ---: |");
        foreach (var callerCount in (int[])[1, 16, 64])
        {
            var best = new (double Called, double Arrived)[settings.Length];
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < settings.Length; i++)
                {
                    var (called, arrived) = await MeasureAsync(server, callerCount, duration, settings[i].Outbox);
                    best[i] = (Math.Max(best[i].Called, called), Math.Max(best[i].Arrived, arrived));
                }
            }

            for (var i = 0; i < settings.Length; i++)
            {
                var (called, arrived) = best[i];
                Console.WriteLine(
                    $"| {callerCount} | {settings[i].Name} | {called:N0} | {called / best[0].Called:F3} | {arrived:N0} | {arrived / best[0].Arrived:F2} |");
            }
        }

        return 0;
    }

    private static async Task<(double Called, double Arrived)> MeasureAsync(
        IngestServer server, int callerCount, TimeSpan duration, Action<SqliteOutboxOptions>? outbox)
    {
        var folder = Directory.CreateTempSubdirectory("thoth-measure-");
        try
        {
            var path = outbox is null ? null : Path.Combine(folder.FullName, "outbox.db");
            await using var services = Application.Build(server, path, outbox, static options => options.Events.BatchSize = 100);
            var (tools, pipeline, time) = (
                services.GetRequiredService<INoteTools>(), services.GetRequiredService<IEventPipeline>(), TimeProvider.System);
            await tools.WriteNoteAsync("warm-up");
            await pipeline.FlushAsync();

            using var timeLimit = new CancellationTokenSource(duration);
            var remaining = MaxCalls;
            var startedAt = time.GetTimestamp();
            var calls = (await Task.WhenAll(Enumerable.Range(0, callerCount).Select(_ => Task.Run(CallAsync, CancellationToken.None)))).Sum();
            var called = time.GetElapsedTime(startedAt).TotalSeconds;
            await pipeline.FlushAsync();
            var arrived = time.GetElapsedTime(startedAt).TotalSeconds;
            return pipeline.Statistics.Dropped == 0
                ? (calls / called, calls / arrived)
                : throw new InvalidOperationException("Events were dropped, so the results cannot be compared.");

            async Task<int> CallAsync()
            {
                var count = 0;
                while (Interlocked.Decrement(ref remaining) >= 0 && !timeLimit.IsCancellationRequested)
                {
                    await tools.WriteNoteAsync("note");
                    count++;
                }

                return count;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
