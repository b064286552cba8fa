using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;
using Thoth.Interception.Sqlite;

namespace Evidence;

/// <summary>
/// What each promise costs: governed calls per second as the callers see them, and with the time until every event has arrived.
/// One setting after the other, three times over, best of each. So many calls that no queue is full: nothing is dropped.
/// </summary>
internal static class Measurement
{
    private const int Rounds = 3;
    private const int MaxCalls = 40_000;

    public static async Task<int> RunAsync(TimeSpan each)
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
        foreach (var callers in (int[])[1, 16, 64])
        {
            var best = new (double Called, double Arrived)[settings.Length];
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < settings.Length; i++)
                {
                    var (called, arrived) = await MeasureAsync(server, callers, each, settings[i].Outbox);
                    best[i] = (Math.Max(best[i].Called, called), Math.Max(best[i].Arrived, arrived));
                }
            }

            for (var i = 0; i < settings.Length; i++)
            {
                var (called, arrived) = best[i];
                Console.WriteLine(
                    $"| {callers} | {settings[i].Name} | {called:N0} | {called / best[0].Called:F3} | {arrived:N0} | {arrived / best[0].Arrived:F2} |");
            }
        }

        return 0;
    }

    private static async Task<(double Called, double Arrived)> MeasureAsync(
        IngestServer server, int callers, TimeSpan each, Action<SqliteOutboxOptions>? outbox)
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

            using var over = new CancellationTokenSource(each);
            var left = MaxCalls;
            var startedAt = time.GetTimestamp();
            var calls = (await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallAsync, CancellationToken.None)))).Sum();
            var called = time.GetElapsedTime(startedAt).TotalSeconds;
            await pipeline.FlushAsync();
            var arrived = time.GetElapsedTime(startedAt).TotalSeconds;
            return pipeline.Statistics.Dropped == 0
                ? (calls / called, calls / arrived)
                : throw new InvalidOperationException("Events were dropped: the figures would compare different things.");

            async Task<int> CallAsync()
            {
                var made = 0;
                while (Interlocked.Decrement(ref left) >= 0 && !over.IsCancellationRequested)
                {
                    await tools.WriteNoteAsync("note");
                    made++;
                }

                return made;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
