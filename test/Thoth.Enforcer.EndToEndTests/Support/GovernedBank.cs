using Microsoft.Extensions.DependencyInjection;
using Thoth.Enforcer.Tests.EndToEnd;
using Thoth.Interception.DependencyInjection;

namespace Thoth.Enforcer.EndToEndTests.Support;

/// <summary>An application with governed tools that uses a server over HTTP.</summary>
internal sealed class GovernedBank : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public GovernedBank(string url)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(options =>
        {
            options.ApiUrl = url;
            options.ApiKey = "local";
            options.TenantId = "acme";
            options.AgentId = "support-agent";
            options.UserId = "ada";
            options.StepUp.PollInterval = TimeSpan.FromMilliseconds(250);
        });
        services.AddSingleton<IBankTools>(Tools);
        services.AddGovernedTools<IBankTools>();
        _services = services.BuildServiceProvider();
    }

    /// <summary>The tools, which count the calls that ran.</summary>
    public BankTools Tools { get; } = new();

    public IBankTools Governed => _services.GetRequiredService<IBankTools>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
