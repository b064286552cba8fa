using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.EndToEndTests.Support;

namespace Thoth.Interception.EndToEndTests.Outbox;

[NonParallelizable]
public class OutageTests
{
    private const int Callers = 16;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thoth-outage-");
    private readonly AcceptedEvents _events = new();

    [TearDown]
    public void Clean() => _folder.Delete(recursive: true);

    [TestCase(true)]
    [TestCase(false)]
    [CancelAfter(300_000)]
    public async Task Ingest_DownThenSlowThenOverloaded_NoEventIsLostSilently(bool withOutbox)
    {
        await using var server = await ContractServer.StartAsync();
        await using var services = Build(server, withOutbox);
        var pipeline = services.GetRequiredService<IEventPipeline>();
        var tools = services.GetRequiredService<IOutageTools>();
        using var over = new CancellationTokenSource();

        var calls = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(tools, over.Token))));
        await PlayAsync(server);
        await over.CancelAsync();
        var made = (await calls).Sum();
        await pipeline.FlushAsync();

        var statistics = pipeline.Statistics;
        var arrived = _events.All.DistinctBy(AcceptedEvents.IdOf).Count();
        await TestContext.Out.WriteLineAsync($"{made} calls, {arrived} events arrived, {statistics}");
        Assert.That(statistics, Has.Property("Enqueued").EqualTo((2 * made) + 1).And.Property("Waiting").EqualTo(0));
        Assert.That(statistics.Sent + statistics.Dropped, Is.EqualTo(statistics.Enqueued));
        Assert.That(arrived, Is.GreaterThanOrEqualTo(statistics.Sent), "what counts as sent has arrived");
        if (withOutbox)
        {
            Assert.That((statistics.Dropped, arrived), Is.EqualTo((0L, (2 * made) + 1)));
            Assert.That(statistics.Spooled, Is.EqualTo(statistics.Enqueued));
        }
    }

    private static async Task<int> CallAsync(IOutageTools tools, CancellationToken over)
    {
        var made = 0;
        while (!over.IsCancellationRequested)
        {
            Assert.That(await tools.WorkAsync(made), Is.EqualTo(made));
            made++;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
        }

        return made;
    }

    private async Task PlayAsync(ContractServer server)
    {
        server.OnEvents = _ => new ContractAnswer { Abort = true };
        await ForAsync(Proofs.AreFull ? 20 : 2);
        server.OnEvents = request => _events.Take(request, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System));
        await ForAsync(Proofs.AreFull ? 5 : 1);
        server.OnEvents = _ => new ContractAnswer { Status = 503 };
        await ForAsync(Proofs.AreFull ? 5 : 1);
        server.OnEvents = _ => new ContractAnswer { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } };
        await ForAsync(Proofs.AreFull ? 5 : 1);
        server.OnEvents = request => _events.Take(request);

        static Task ForAsync(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
    }

    private ServiceProvider Build(ContractServer server, bool withOutbox)
    {
        var services = new ServiceCollection();
        var thoth = services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("acme", "agent", server.Url, "key");
            options.Events.BatchSize = 100;
        });
        if (withOutbox)
        {
            thoth.UseSqliteOutbox(Path.Combine(_folder.FullName, "outbox.db"));
        }

        services.AddGovernedTools<IOutageTools, OutageTools>(ServiceLifetime.Singleton);
        return services.BuildServiceProvider();
    }
}
