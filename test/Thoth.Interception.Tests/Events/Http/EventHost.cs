using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Events.Http;
using Thoth.Interception.Events.Queue;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Events.Http;

/// <summary>A service provider that sends its events to a real server on loopback.</summary>
internal sealed class EventHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private EventHost(ContractServer server, ServiceProvider services, WatchedTime time, RecordingLogger<HttpEventSink> log)
    {
        Server = server;
        _services = services;
        Time = time;
        Log = log;
    }

    public ContractServer Server { get; }

    public WatchedTime Time { get; }

    public RecordingLogger<HttpEventSink> Log { get; }

    public IServiceProvider Services => _services;

    public EventPipeline Pipeline => _services.GetRequiredService<EventPipeline>();

    public EventStatistics Statistics => Pipeline.Statistics;

    public static async Task<EventHost> StartAsync(Action<ThothOptions>? configure = null, Action<IServiceCollection>? add = null)
    {
        var server = await ContractServer.StartAsync();
        var (time, log) = (new WatchedTime(), new RecordingLogger<HttpEventSink>());
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddSingleton<ILogger<HttpEventSink>>(log);
        services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("acme", "agent", server.Url, "key");

            // Longer than the waits between attempts, so that they are told apart.
            options.Events.FlushInterval = TimeSpan.FromMilliseconds(300);
            configure?.Invoke(options);
        }).UseEnforcer(new ScriptedEnforcer());
        add?.Invoke(services);
        var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        return new EventHost(server, provider, time, log);
    }

    public void Emit(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Pipeline.Enqueue(EventSamples.New());
        }
    }

    public async Task DeliverAsync(int count)
    {
        Emit(count);
        await Pipeline.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }
}
