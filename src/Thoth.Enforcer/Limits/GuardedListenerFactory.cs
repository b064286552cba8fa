using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using Thoth.Enforcer.Configuration;

namespace Thoth.Enforcer.Limits;

/// <summary>
/// Refuses to listen where other machines can connect without permission, at the place where each address is bound. So it does not
/// matter whether the address comes from the command line, the environment or a configuration file.
/// </summary>
internal sealed class GuardedListenerFactory(IOptions<SocketTransportOptions> sockets, ILoggerFactory loggers, EnforcerOptions options)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(sockets, loggers);

    /// <summary>Takes every address, so that no other factory binds one.</summary>
    public bool CanBind(EndPoint endpoint) => true;

    /// <exception cref="UsageException">Other machines can reach the address, and the server was started without <c>--allow-remote</c>.</exception>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        endpoint is IPEndPoint ip && (options.AllowRemote || IPAddress.IsLoopback(ip.Address))
            ? _sockets.BindAsync(endpoint, cancellationToken)
            : throw new UsageException(
                $"'{endpoint}' can be reached by others. Remove it from the configuration (the section Kestrel:Endpoints of appsettings.json or of the environment), or add --allow-remote and pass API keys with --keys.");
}
