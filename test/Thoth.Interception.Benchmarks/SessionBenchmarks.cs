using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.Benchmarks;

/// <summary>Finding a kept session: the one that was found before, and one of 100,000 in turn, each of a user of its own.</summary>
[MemoryDiagnoser]
public class SessionBenchmarks
{
    private const int Sessions = 100_000;

    private readonly string[] _ids = [.. Enumerable.Range(0, Sessions).Select(static n => $"conversation-{n}")];
    private readonly ThothSessionOptions _options = new() { UserId = "user-0" };
    private ServiceProvider _services = null!;
    private IThothSessions _sessions = null!;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        var services = new ServiceCollection();
        services.AddThoth(options => (options.TenantId, options.AgentId) = ("acme", "agent"))
            .UseLocalPolicy("ten-rules.policy.json")
            .AddEventSink(new InMemoryEventSink(capacity: 1_000));
        _services = services.BuildServiceProvider();
        _sessions = _services.GetRequiredService<IThothSessions>();
        for (var i = 0; i < Sessions; i++)
        {
            _sessions.GetOrStart(_ids[i], new ThothSessionOptions { UserId = $"user-{i}" });
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _services.Dispose();

    [Benchmark(Description = "the same session")]
    public ThothSession Same() => _sessions.GetOrStart(_ids[0]);

    [Benchmark(Description = "the same session, its user checked")]
    public ThothSession SameOfItsUser() => _sessions.GetOrStart(_ids[0], _options);

    [Benchmark(Description = "the same session, entered and left")]
    public void Enter() => _sessions.GetOrStart(_ids[0], _options).Enter().Dispose();

    [Benchmark(Description = "one of 100,000 in turn")]
    public ThothSession InTurn() => _sessions.GetOrStart(_ids[_next = (_next + 7_919) % Sessions]);
}
