using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Thoth.Interception.Tests.Support;

/// <summary>A forward proxy on loopback, for plain requests and for tunnels, that records the first line of what comes through it.</summary>
internal sealed class ForwardProxy : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int? _tunnelsTo;

    private ForwardProxy(int? tunnelsTo)
    {
        _tunnelsTo = tunnelsTo;
        _listener.Start();
        _connections.Add(AcceptAsync());
    }

    /// <summary>Gets the first lines, such as <c>CONNECT enforce.acme.test:443 HTTP/1.1</c>.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public WebProxy Address => new($"http://{_listener.LocalEndpoint}");

    /// <param name="tunnelsTo">The port on loopback that every tunnel leads to, whatever host it names.</param>
    public static ForwardProxy Start(int? tunnelsTo = null) => new(tunnelsTo);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (var server = new TcpClient())
            {
                var stream = client.GetStream();
                var head = new byte[16 * 1024];
                var length = await stream.ReadAsync(head, _end.Token);
                var line = Encoding.Latin1.GetString(head, 0, length).Split("\r\n")[0];
                _requests.Enqueue(line);
                var target = line.Split(' ')[1];
                var isTunnel = line.StartsWith("CONNECT ", StringComparison.Ordinal);
                var port = isTunnel ? _tunnelsTo ?? int.Parse(target.Split(':')[^1]) : new Uri(target).Port;
                await server.ConnectAsync(IPAddress.Loopback, port, _end.Token);
                if (isTunnel)
                {
                    await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _end.Token);
                }
                else
                {
                    await server.GetStream().WriteAsync(head.AsMemory(0, length), _end.Token);
                }

                await Task.WhenAny(stream.CopyToAsync(server.GetStream(), _end.Token), server.GetStream().CopyToAsync(stream, _end.Token));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // One of the two has closed its connection.
        }
    }
}
