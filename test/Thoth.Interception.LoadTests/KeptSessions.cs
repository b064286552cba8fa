using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.LoadTests;

/// <summary>Measures the memory of 100,000 kept sessions, each of a user of its own, before and after ten calls in each.</summary>
internal static class KeptSessions
{
    private const int Sessions = 100_000;
    private const int Calls = 10;

    public static async Task MeasureAsync(Uri url)
    {
        await MeasureAsync("an enforcer in process", static thoth => thoth.UseEnforcer(new AllowingEnforcer()), static _ => { });
        await MeasureAsync(
            "an enforcer over HTTP", static _ => { },
            options => (options.ApiUrl, options.ApiKey) = (url.ToString(), "thoth_test_load"));
    }

    private static async Task MeasureAsync(string what, Action<IThothBuilder> add, Action<ThothOptions> configure)
    {
        var services = new ServiceCollection();
        add(services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId) = ("acme", "load");
            configure(options);
        }));
        services.AddGovernedTools<ILoadTools, Tools>(ServiceLifetime.Singleton);
        await using var provider = services.BuildServiceProvider();
        var (sessions, tools, events) = (
            provider.GetRequiredService<IThothSessions>(), provider.GetRequiredService<ILoadTools>(), provider.GetRequiredService<IEventPipeline>());
        await CallAsync(sessions.GetOrStart("warm-up"), tools, Calls);
        await events.FlushAsync();

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Sessions; i++)
        {
            sessions.GetOrStart($"conversation-{i}", new ThothSessionOptions { UserId = $"user-{i}" });
        }

        // The start of each session is an event, which must not count as a part of it.
        await events.FlushAsync();
        Print(what, "without a call", before);
        for (var i = 0; i < Sessions; i += 100)
        {
            await Task.WhenAll(Enumerable.Range(i, 100).Select(n => CallAsync(sessions.GetOrStart($"conversation-{n}"), tools, Calls)));
            await events.FlushAsync();
        }

        Print(what, $"after {Calls} calls in each", before);
        GC.KeepAlive(sessions);
    }

    private static async Task CallAsync(ThothSession session, ILoadTools tools, int calls)
    {
        using var entered = session.Enter();
        for (var i = 0; i < calls; i++)
        {
            await tools.SearchDocsAsync("castle proxies", i);
        }
    }

    private static void Print(string what, string when, long before)
    {
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"{Sessions:N0} kept sessions, {what}, {when}: {bytes / 1024.0 / 1024.0:F1} MB, {bytes / Sessions:N0} B each.");
    }

    private sealed class Tools : ILoadTools
    {
        private static readonly Task<string> s_found = Task.FromResult("found");

        public Task<string> SearchDocsAsync(string query, int limit) => s_found;
    }

    private sealed class AllowingEnforcer : ISynchronousEnforcer
    {
        private static readonly EnforcementDecision s_allow = new() { Type = DecisionType.Allow };

        public EnforcementDecision Evaluate(EnforcementRequest request, CancellationToken cancellationToken) => s_allow;

        public ValueTask<EnforcementDecision> EvaluateAsync(EnforcementRequest request, CancellationToken cancellationToken) => new(s_allow);
    }
}
