using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.DependencyInjection;

namespace Thoth.Interception.Tests.Stress;

/// <summary>A service provider with governed tools with every return type, with an enforcer and sinks that keep no list of what they see.</summary>
internal static class StressHost
{
    public static ServiceProvider Create(
        IEnforcer enforcer, IEventSink? sink, Action<IServiceCollection> add, Action<ThothOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        var thoth = services.AddThoth(options =>
        {
            options.TenantId = "acme";
            options.AgentId = "agent";
            configure?.Invoke(options);
        }).UseEnforcer(enforcer);
        if (sink is not null)
        {
            thoth.AddEventSink(sink);
        }

        add(services);
        return services.BuildServiceProvider();
    }
}
