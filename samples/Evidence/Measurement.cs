using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;

namespace Evidence;

/// <summary>What each promise costs: governed calls per second, one setting after the other, three times over, best of each.</summary>
internal static class Measurement
{
    private const int Rounds = 3;

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
        Console.WriteLine($"{Environment.ProcessorCount} cores, {each.TotalSeconds:0.#} s for each, best of {Rounds}; the server of the events runs in the same process.");
        Console.WriteLine("| callers | setting | calls per second | of no outbox |");
        Console.WriteLine("| ---: | --- | ---: | ---: |");
        foreach (var callers in (int[])[1, 16, 64])
        {
            var best = new double[settings.Length];
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < settings.Length; i++)
                {
                    best[i] = Math.Max(best[i], await MeasureAsync(server, callers, each, settings[i].Outbox));
                }
            }

            for (var i = 0; i < settings.Length; i++)
            {
                Console.WriteLine($"| {callers} | {settings[i].Name} | {best[i]:N0} | {best[i] / best[0]:P1} |");
            }
        }

        return 0;
    }

    private static async Task<double> MeasureAsync(IngestServer server, int callers, TimeSpan each, Action<SqliteOutboxOptions>? outbox)
    {
        var folder = Directory.CreateTempSubdirectory("thoth-measure-");
        try
        {
            var path = outbox is null ? null : Path.Combine(folder.FullName, "outbox.db");

            // What no setting can deliver in time is dropped and counted: the calls are what is measured, not the server.
            await using var services = Application.Build(server, path, outbox, static options =>
            {
                (options.Events.BatchSize, options.Events.DrainTimeout) = (500, TimeSpan.Zero);
            });
            var tools = services.GetRequiredService<INoteTools>();
            await tools.WriteNoteAsync("warm-up");
            using var over = new CancellationTokenSource(each);
            var startedAt = TimeProvider.System.GetTimestamp();
            var calls = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(tools, over.Token), CancellationToken.None)));
            return calls.Sum() / TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<long> CallAsync(INoteTools tools, CancellationToken over)
    {
        var calls = 0L;
        while (!over.IsCancellationRequested)
        {
            await tools.WriteNoteAsync("note");
            calls++;
        }

        return calls;
    }
}
