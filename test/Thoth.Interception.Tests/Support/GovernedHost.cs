using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Thoth.Interception.DependencyInjection;

namespace Thoth.Interception.Tests.Support;

/// <summary>A service provider with governed tools, a scripted enforcer, events in memory and a clock that stands still.</summary>
internal sealed class GovernedHost : IAsyncDisposable
{
    private GovernedHost(ServiceProvider services, ScriptedEnforcer enforcer, InMemoryEventSink sink, FakeTimeProvider time)
    {
        Services = services;
        Enforcer = enforcer;
        Sink = sink;
        Time = time;
    }

    public ServiceProvider Services { get; }

    public ScriptedEnforcer Enforcer { get; }

    public InMemoryEventSink Sink { get; }

    public FakeTimeProvider Time { get; }

    public IThothSessions Sessions => Services.GetRequiredService<IThothSessions>();

    public static GovernedHost For<TTools>(
        TTools tools, Action<ThothOptions>? configure = null, Action<GovernedToolsOptions>? govern = null)
        where TTools : class =>
        Create(services => services.AddSingleton(tools).AddGovernedTools<TTools>(govern), configure);

    public static GovernedHost Create(Action<IServiceCollection> add, Action<ThothOptions>? configure = null)
    {
        var (enforcer, sink, time) = (new ScriptedEnforcer(), new InMemoryEventSink(), new FakeTimeProvider());
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(options =>
        {
            options.TenantId = "acme";
            options.AgentId = "agent";
            configure?.Invoke(options);
        }).UseEnforcer(enforcer).AddEventSink(sink);
        add(services);
        var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        return new GovernedHost(provider, enforcer, sink, time);
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Everything recorded so far, oldest first.</summary>
    public async Task<IReadOnlyList<BehavioralEvent>> EventsAsync()
    {
        await Services.GetRequiredService<IEventPipeline>().FlushAsync();
        return Sink.Events;
    }

    /// <summary>What was recorded so far, as <c>ToolCallPre/Pre</c>, <c>ToolCallPost/Post</c> and so on.</summary>
    public async Task<string[]> EventNamesAsync() => [.. (await EventsAsync()).Select(e => $"{e.Type}/{e.Phase}")];

    public string LastArguments => Encoding.UTF8.GetString(Enforcer.LastRequest.Arguments.Span);

    public ValueTask DisposeAsync() => Services.DisposeAsync();
}
