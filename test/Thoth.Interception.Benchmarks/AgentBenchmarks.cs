using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Benchmarks;

/// <summary>
/// One turn of a scripted model with one function call, which is allowed: by the framework's own loop, and by <c>UseThoth</c> with a policy
/// of ten rules in process and events in memory.
/// </summary>
[MemoryDiagnoser]
public class AgentBenchmarks
{
    private static readonly ChatMessage[] s_messages = [new(ChatRole.User, "Search.")];

    private ServiceProvider _services = null!;
    private IChatClient _bare = null!;
    private IChatClient _governed = null!;
    private ChatOptions _functions = null!;
    private ChatOptions _governedFunctions = null!;

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
        _bare = new OneCallModel().AsBuilder().UseFunctionInvocation().Build(_services);
        _governed = new OneCallModel().AsBuilder().UseThoth().Build(_services);
        _functions = new ChatOptions
        {
            Tools = [AIFunctionFactory.Create(typeof(ISearchTools).GetMethod(nameof(ISearchTools.SearchDocsAsync))!, new SearchTools(), "search_docs")],
        };
        _governedFunctions = new ChatOptions { Tools = [.. _services.GetGovernedFunctions<ISearchTools>().Where(static function => function.Name == "search_docs")] };
    }

    [GlobalCleanup]
    public void Cleanup() => _services.Dispose();

    [Benchmark(Baseline = true, Description = "UseFunctionInvocation, bare function")]
    public Task<ChatResponse> Bare() => _bare.GetResponseAsync(s_messages, _functions);

    [Benchmark(Description = "UseThoth, bare function")]
    public Task<ChatResponse> GovernedFunction() => _governed.GetResponseAsync(s_messages, _functions);

    [Benchmark(Description = "UseThoth, function of a governed interface")]
    public Task<ChatResponse> GovernedInterface() => _governed.GetResponseAsync(s_messages, _governedFunctions);

    [Benchmark(Description = "UseFunctionInvocation, function of a governed interface")]
    public Task<ChatResponse> GovernedInterfaceAlone() => _bare.GetResponseAsync(s_messages, _governedFunctions);
}
