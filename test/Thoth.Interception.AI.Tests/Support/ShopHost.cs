using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.AI.Tests.Support;

/// <summary>An application with the governed shop, a scripted enforcer, and the events in memory.</summary>
internal sealed class ShopHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly InMemoryEventSink _events = new();

    public ShopHost(Action<IThothBuilder>? configure = null, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IShopTools>(Tools);
        var thoth = services.AddThoth(static options =>
        {
            options.TenantId = "acme";
            options.AgentId = "agent";
            options.UserId = "mia";
            options.StepUp.PollInterval = TimeSpan.FromMilliseconds(100);
        });
        if (configure is null)
        {
            thoth.UseEnforcer(Enforcer);
        }
        else
        {
            configure(thoth);
        }

        thoth.AddEventSink(_events).AddGovernedTools<IShopTools>();
        more?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public TestEnforcer Enforcer { get; } = new();

    public ShopTools Tools { get; } = new();

    public IServiceProvider Services => _services;

    public IShopTools Governed => Get<IShopTools>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public IChatClient Client(IChatClient model, Action<ThothChatClientOptions>? options = null, Action<FunctionInvokingChatClient>? loop = null) =>
        model.AsBuilder().UseThoth(options, loop).Build(_services);

    /// <summary>Gets the types of the recorded events of tool calls, in order.</summary>
    public async Task<IReadOnlyList<BehavioralEvent>> EventsAsync()
    {
        await Get<IEventPipeline>().FlushAsync();
        return [.. _events.Events.Where(static e => e.ToolName is not null)];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
