using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Thoth.Interception.DependencyInjection;
using Thoth.Interception.Tests.Support;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>A tool governed over HTTP by a server on loopback, on the system's clock unless a test brings its own.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    private HttpHost(ContractServer server, ServiceProvider services, InMemoryEventSink sink, RecordingLogger logs)
    {
        Server = server;
        Services = services;
        Sink = sink;
        Logs = logs;
    }

    public ContractServer Server { get; }

    public ServiceProvider Services { get; }

    public InMemoryEventSink Sink { get; }

    public RecordingLogger Logs { get; }

    public int Runs { get; private set; }

    public IThothSessions Sessions => Services.GetRequiredService<IThothSessions>();

    public static async Task<HttpHost> StartAsync(
        Action<ThothOptions>? configure = null, Action<IThothBuilder>? build = null, TimeProvider? time = null, ContractServer? server = null)
    {
        server ??= await ContractServer.StartAsync();
        var (sink, logs, services) = (new InMemoryEventSink(), new RecordingLogger(LogLevel.Trace), new ServiceCollection());
        services.AddLogging(logging => logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace));
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddSingleton(new ThothEnvironment(_ => null));
        var builder = services.AddThoth(options =>
        {
            options.TenantId = "acme";
            options.AgentId = "agent";
            options.ApiUrl = server.Url;
            options.ApiKey = "thoth_test_key";
            options.StepUp.PollInterval = TimeSpan.FromMilliseconds(1);
            configure?.Invoke(options);
        }).AddEventSink(sink);
        build?.Invoke(builder);
        var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        return new HttpHost(server, provider, sink, logs);
    }

    /// <summary>Calls a tool that gives its argument back; throws what its caller sees.</summary>
    public async Task<string> CallAsync(bool sync = false, string path = "orig", CancellationToken token = default)
    {
        var governor = Services.GetRequiredService<IToolGovernor>();
        if (sync)
        {
            var tool = governor.WrapTool("read_file", (string path, CancellationToken _) => Run(path));

            // A new thread: the server responds on threads of the pool, which blocked callers would use up.
            return await Task.Factory.StartNew(
                () => tool(path, token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return await governor.WrapTool("read_file", (string path, CancellationToken _) => Task.FromResult(Run(path)))(path, token);
    }

    /// <summary>The exception of a call that must be refused, after which the tool must not have run.</summary>
    public async Task<TException> RefusedAsync<TException>(bool sync = false, CancellationToken token = default)
        where TException : Exception
    {
        var exception = await Assert.ThrowsAsync(Is.TypeOf<TException>(), () => CallAsync(sync, token: token));
        Assert.That(Runs, Is.Zero);
        return (TException)exception!;
    }

    /// <summary>Asks for a held call once, without the pauses between polls.</summary>
    public async Task<HoldStatus> PollAsync(string holdToken = "tok")
    {
        var request = new EnforcementRequest
        {
            Context = Sessions.Current.Context,
            ToolName = "read_file",
            SessionToolCalls = ["read_file"],
            OccurredAt = DateTimeOffset.UnixEpoch,
        };
        return await ((IHoldEnforcer)Services.GetRequiredService<IEnforcer>()).GetHoldAsync(holdToken, request, CancellationToken.None);
    }

    /// <summary>What the last event says of the decision.</summary>
    public async Task<EnforcementDecision> LastDecisionAsync()
    {
        await Services.GetRequiredService<IEventPipeline>().FlushAsync();
        return Sink.Events[^1].Decision!;
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await Server.DisposeAsync();
    }

    private string Run(string path)
    {
        Runs++;
        return path;
    }
}
