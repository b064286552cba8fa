using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.LoadTests;

/// <summary>Measures 100,000 events that wait because their sink takes none, in a session with a full history.</summary>
internal static class WaitingEvents
{
    public static async Task MeasureAsync(Uri url)
    {
        await MeasureAsync("the API", options => (options.ApiUrl, options.ApiKey) = (new Uri(url, "/stuck").ToString(), "thoth_test_load"), static _ => { });
        await MeasureAsync("a sink of one's own", static _ => { }, static thoth => thoth.UseEnforcer(new AllowingEnforcer()).AddEventSink(new ClosedSink()));
    }

    private static async Task MeasureAsync(string what, Action<ThothOptions> configure, Action<IThothBuilder> add)
    {
        var services = new ServiceCollection();
        add(services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId) = ("acme", "load");
            options.Events.DrainTimeout = TimeSpan.Zero;
            configure(options);
        }));
        services.AddGovernedTools<ILoadTools, Tools>(ServiceLifetime.Singleton);
        await using var provider = services.BuildServiceProvider();
        var tools = provider.GetRequiredService<ILoadTools>();
        for (var i = 0; i < 200; i++)
        {
            await tools.SearchDocsAsync("castle proxies", i);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 49_800; i++)
        {
            await tools.SearchDocsAsync("castle proxies", i);
        }

        var after = GC.GetTotalMemory(forceFullCollection: true);
        var waiting = provider.GetRequiredService<IEventPipeline>().Statistics.Waiting;
        Console.WriteLine($"{waiting:N0} events that wait for {what} hold {(after - before) / 1024.0 / 1024.0:F1} MB.");
    }

    private sealed class Tools : ILoadTools
    {
        private static readonly Task<string> s_found = Task.FromResult("found");

        public Task<string> SearchDocsAsync(string query, int limit) => s_found;
    }

    private sealed class ClosedSink : IEventSink
    {
        public async ValueTask SendAsync(IReadOnlyList<BehavioralEvent> events, CancellationToken cancellationToken) =>
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    private sealed class AllowingEnforcer : IEnforcer
    {
        private static readonly EnforcementDecision s_allow = new() { Type = DecisionType.Allow };

        public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) => new(s_allow);
    }
}
