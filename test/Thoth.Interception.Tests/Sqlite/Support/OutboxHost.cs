using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Sqlite;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Sqlite.Support;

/// <summary>A governed tool whose events go by an outbox to a server on loopback, with the clock of the machine.</summary>
internal sealed class OutboxHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public OutboxHost(
        OutboxFolder folder, ContractServer server, Action<SqliteOutboxOptions>? outbox = null, Action<ThothOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(new ThothEnvironment(_ => null));
        services.AddThoth(options =>
        {
            (options.TenantId, options.AgentId, options.ApiUrl, options.ApiKey) = ("acme", "agent", server.Url, "key");
            options.Events.FlushInterval = TimeSpan.FromMilliseconds(20);
            configure?.Invoke(options);
        }).UseEnforcer(Enforcer).UseSqliteOutbox(folder.Path, outbox);
        services.AddSingleton<IWorkTools>(Work).AddGovernedTools<IWorkTools>();
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public ScriptedEnforcer Enforcer { get; } = new();

    public WorkTools Work { get; } = new();

    public IWorkTools Tools => _services.GetRequiredService<IWorkTools>();

    public IThothHolds Holds => _services.GetRequiredService<IThothHolds>();

    public IEventPipeline Pipeline => _services.GetRequiredService<IEventPipeline>();

    public EventStatistics Statistics => Pipeline.Statistics;

    /// <summary>Calls the tool in a session that is kept by its id.</summary>
    public async Task<string> CallInAsync(string session)
    {
        using var entered = _services.GetRequiredService<IThothSessions>().GetOrStart(session).Enter();
        return await Tools.WorkAsync(1);
    }

    /// <summary>Makes a held call again.</summary>
    public async Task<string> ResumeInAsync(string session, string id)
    {
        using var entered = _services.GetRequiredService<IThothSessions>().GetOrStart(session).Enter();
        using var resumed = Holds.Resume((await Holds.GetAsync(id))!);
        return await Tools.WorkAsync(1);
    }

    public async Task CallAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await Tools.WorkAsync(i);
        }
    }

    /// <summary>The events that the server accepted, in the order of their arrival.</summary>
    public static JsonElement[] EventsAt(ContractServer server) => [.. server.Events.SelectMany(r => r.Json.EnumerateArray())];

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
