using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.LoadTests;

/// <summary>The governed call with default options and events on, in a session with a full history.</summary>
internal sealed class GovernedCaller : ICaller
{
    private readonly ServiceProvider _services;
    private readonly ILoadTools _tools;

    public GovernedCaller(Uri url)
    {
        var services = new ServiceCollection();
        services.AddThoth(options =>
        {
            options.ApiUrl = url.ToString();
            options.ApiKey = "thoth_test_load";
            (options.TenantId, options.AgentId) = ("acme", "load");
        });
        services.AddGovernedTools<ILoadTools, LoadTools>(ServiceLifetime.Singleton);
        _services = services.BuildServiceProvider();
        _tools = _services.GetRequiredService<ILoadTools>();
    }

    public EventStatistics Statistics => _services.GetRequiredService<IEventPipeline>().Statistics;

    public Task CallAsync(int number) => _tools.SearchDocsAsync("castle proxies", number);

    public Task DrainAsync() => _services.GetRequiredService<IEventPipeline>().FlushAsync();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private sealed class LoadTools : ILoadTools
    {
        private static readonly Task<string> s_found = Task.FromResult("found");

        public Task<string> SearchDocsAsync(string query, int limit) => s_found;
    }
}
