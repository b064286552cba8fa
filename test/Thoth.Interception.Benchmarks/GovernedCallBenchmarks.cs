using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Benchmarks;

/// <summary>
/// One call with two arguments: bare, through a hand-written decorator, and governed by a policy of ten rules in process
/// with events in memory. The governed results include the delivery of the events in the background.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class GovernedCallBenchmarks
{
    private readonly ISearchTools _bare = new SearchTools();
    private readonly ISearchTools _handWritten = new HandWrittenDecorator(new SearchTools());
    private ServiceProvider _services = null!;
    private ISearchTools _governed = null!;

    [GlobalSetup]
    public void Setup()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ISearchTools, SearchTools>();
        services.AddThoth(options => (options.TenantId, options.AgentId) = ("acme", "agent"))
            .UseLocalPolicy("ten-rules.policy.json")
            .AddEventSink(new InMemoryEventSink(capacity: 1_000));
        services.AddGovernedTools<ISearchTools>();
        _services = services.BuildServiceProvider();
        _governed = _services.GetRequiredService<ISearchTools>();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        Console.WriteLine($"// {_services.GetRequiredService<IEventPipeline>().Statistics}");
        _services.Dispose();
    }

    [BenchmarkCategory("Task<string>"), Benchmark(Description = "bare call")]
    public Task<string> BareTask() => _bare.SearchDocsAsync("castle proxies", 10);

    [BenchmarkCategory("Task<string>"), Benchmark(Baseline = true, Description = "hand-written decorator")]
    public Task<string> HandWrittenTask() => _handWritten.SearchDocsAsync("castle proxies", 10);

    [BenchmarkCategory("Task<string>"), Benchmark(Description = "governed, allowed")]
    public Task<string> GovernedTask() => _governed.SearchDocsAsync("castle proxies", 10);

    [BenchmarkCategory("Task<string>"), Benchmark(Description = "governed, allowed by an argument")]
    public Task<string> GovernedTaskByArgument() => _governed.ListDocsAsync("castle proxies", 10);

    [BenchmarkCategory("Task<string>"), Benchmark(Description = "governed, blocked")]
    public async Task<bool> GovernedBlocked()
    {
        try
        {
            await _governed.DeleteDocAsync("castle proxies", 10);
            return false;
        }
        catch (PolicyViolationException)
        {
            return true;
        }
    }

    [BenchmarkCategory("synchronous"), Benchmark(Description = "bare call")]
    public int BareSync() => _bare.CountDocs("castle proxies", 10);

    [BenchmarkCategory("synchronous"), Benchmark(Baseline = true, Description = "hand-written decorator")]
    public int HandWrittenSync() => _handWritten.CountDocs("castle proxies", 10);

    [BenchmarkCategory("synchronous"), Benchmark(Description = "governed, allowed")]
    public int GovernedSync() => _governed.CountDocs("castle proxies", 10);
}
