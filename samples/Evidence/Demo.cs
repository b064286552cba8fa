using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception;
using Thoth.Interception.Sqlite;

namespace Evidence;

/// <summary>Shows what an outbox stores, and that verification finds a changed record.</summary>
internal static class Demo
{
    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("thoth-evidence-");
        try
        {
            var outbox = Path.Combine(folder.FullName, "thoth-outbox.db");
            await CallAsync(outbox);

            Console.WriteLine($"{Environment.NewLine}$ verify {Path.GetFileName(outbox)}");
            var intact = VerifyCommand.Run(outbox);

            var copy = Path.Combine(folder.FullName, "copy.db");
            File.Copy(outbox, copy);
            Tamper(copy);
            Console.WriteLine($"{Environment.NewLine}In a copy, one record now names another agent.");
            Console.WriteLine($"$ verify {Path.GetFileName(copy)}");
            var broken = VerifyCommand.Run(copy);
            return (intact, broken) == (0, 1) ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CallAsync(string outbox)
    {
        await using var server = await IngestServer.StartAsync();
        await using var services = Application.Build(server, outbox, options =>
        {
            options.Durability = OutboxDurability.BeforeExecution;
            options.Retention = TimeSpan.FromDays(30);
        });
        var tools = services.GetRequiredService<INoteTools>();
        foreach (var note in (string[])["buy milk", "call Ann", "water the plants"])
        {
            await tools.WriteNoteAsync(note);
        }

        var pipeline = services.GetRequiredService<IEventPipeline>();
        await pipeline.FlushAsync();
        var statistics = pipeline.Statistics;
        Console.WriteLine($"3 calls made: {statistics.Spooled} events on disk, {statistics.Sent} sent, {server.Events} at the server, {statistics.Dropped} dropped.");
    }

    private static void Tamper(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE records SET json = CAST(replace(CAST(json AS TEXT), '\"clerk\"', '\"boss\"') AS BLOB) WHERE sequence = 4";
        command.ExecuteNonQuery();
    }
}
