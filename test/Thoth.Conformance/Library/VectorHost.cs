using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Thoth.Conformance.Clients;
using Thoth.Interception;

namespace Thoth.Conformance.Library;

/// <summary>The library in a host of its own, and the servers that it talks to.</summary>
internal sealed class VectorHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly VectorSink? _sink;
    private readonly Socket? _closedPort;

    private VectorHost(IHost host, VectorServers servers, VectorSetup setup, Socket? closedPort)
    {
        _host = host;
        _sink = setup.Sink;
        _closedPort = closedPort;
        Servers = servers;
    }

    public VectorServers Servers { get; }

    public ContractServer Server => Servers.Main;

    public IThothSessions Sessions => Get<IThothSessions>();

    public IEventPipeline Events => Get<IEventPipeline>();

    /// <param name="servers">The servers; disposed with the host.</param>
    /// <param name="setup">What the case configures.</param>
    /// <param name="refused">Whether connections to the enforcer are refused.</param>
    /// <param name="path">What follows the server's address in the base URL.</param>
    public static async Task<VectorHost> StartAsync(VectorServers servers, VectorSetup setup, bool refused = false, string path = "")
    {
        // Bound and not listening: connections are refused, and no other process gets the port.
        var closedPort = refused ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) : null;
        closedPort?.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var url = closedPort is null ? servers.Main.Url : $"http://{closedPort.LocalEndPoint}";
        var host = new VectorSetup
        {
            Mode = setup.Mode,
            Environment = setup.Environment,
            Sink = setup.Sink,
            Logs = setup.Logs,
            Requests = setup.Requests,
            Configure = options =>
            {
                options.TenantId = "tenant-1";
                options.AgentId = "agent-1";
                setup.Configure(options);
                options.ApiUrl = url + path;
            },
        }.Build();
        await host.StartAsync();
        return new VectorHost(host, servers, setup, closedPort);
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Calls a tool and tells how the call ended for its caller.</summary>
    public async Task<CallOutcome> CallAsync(string name, VectorTool tool, CancellationToken cancellationToken = default)
    {
        var start = TimeProvider.System.GetTimestamp();
        Exception? exception = null;
        object? result = null;
        try
        {
            result = await tool.CallAsync(Get<IToolGovernor>(), name, cancellationToken);
        }
        catch (Exception thrown)
        {
            exception = thrown;
        }

        var elapsed = TimeProvider.System.GetElapsedTime(start);
        return new CallOutcome(tool, result, exception, elapsed, await LastDecisionAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Servers.EndCase();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await Servers.DisposeAsync();
        _closedPort?.Dispose();
    }

    /// <summary>What the call's last event says was decided.</summary>
    private async Task<EnforcementDecision?> LastDecisionAsync()
    {
        if (_sink is null)
        {
            return null;
        }

        await Events.FlushAsync();
        return (await _sink.NextEndAsync()).Decision;
    }
}
