namespace Thoth.Interception.Http;

/// <summary>
/// Keeps the proxy of the machine, such as <c>HTTP_PROXY</c>, out of the way: it would see keys and arguments, and could decide in the
/// enforcer's place. A proxy that the host sets on the client is used for https, where it sees neither.
/// </summary>
internal static class ProxyPolicy
{
    /// <param name="primary">The handler that connects, also one that the host has set.</param>
    /// <param name="apiUrl">The base URL, the only origin that is sent to.</param>
    public static void Apply(HttpMessageHandler primary, string? apiUrl)
    {
        var isAllowed = Uri.TryCreate(apiUrl, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && !uri.IsLoopback;
        if (primary is SocketsHttpHandler sockets)
        {
            sockets.UseProxy = isAllowed && sockets is { UseProxy: true, Proxy: not null };
        }
        else if (primary is HttpClientHandler client)
        {
            client.UseProxy = isAllowed && client is { UseProxy: true, Proxy: not null };
        }
    }
}
