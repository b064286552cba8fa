using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Thoth.Interception.Tests.Faults;

/// <summary>
/// A server on loopback that misbehaves below HTTP, where Kestrel cannot: each request gets any bytes, or none,
/// that <see cref="OnEnforce"/> and <see cref="OnHold"/> write.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly ConcurrentDictionary<string, int> _turns = new();
    private readonly Func<FaultConnection, Task>? _greet;
    private readonly Task _accepting;
    private int _enforces;
    private int _holds;

    /// <param name="listens">Otherwise its port is taken, and refuses.</param>
    /// <param name="greet">What is done with a connection before any request is read.</param>
    public FaultServer(bool listens = true, Func<FaultConnection, Task>? greet = null)
    {
        _greet = greet;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}";
        if (listens)
        {
            _listener.Listen();
        }

        _accepting = listens ? AcceptAsync() : Task.CompletedTask;
    }

    public string Url { get; }

    public FaultResponse OnEnforce { get; set; } = FaultResponse.Allow;

    public FaultResponse OnHold { get; set; } = FaultResponse.Json("""{"resolved":false,"resolution":null}""");

    /// <summary>Gets the callers' cancellations by tool name.</summary>
    public ConcurrentDictionary<string, CancellationTokenSource> Callers { get; } = new();

    /// <summary>Gets the number of enforce requests.</summary>
    public int Enforces => _enforces;

    /// <summary>Gets the number of polls of a hold.</summary>
    public int Holds => _holds;

    /// <summary>Gets the body of the last enforce request.</summary>
    public string LastBody => _bodies.Last();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                var serving = ServeAsync(socket);
                _connections.TryAdd(serving, true);
                _ = serving.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The server stops.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = new FaultConnection(this, socket, _stop.Token);
        try
        {
            if (_greet is not null)
            {
                await _greet(connection);
                return;
            }

            while (await connection.ReadRequestAsync())
            {
                var isHold = connection.Head.StartsWith("GET ", StringComparison.Ordinal);
                Interlocked.Increment(ref isHold ? ref _holds : ref _enforces);
                connection.Turn = _turns.AddOrUpdate(connection.Head.Split(' ')[1], 0, (_, turn) => turn + 1);
                if (!isHold)
                {
                    _bodies.Enqueue(connection.Body);
                }

                await (isHold ? OnHold : OnEnforce).WriteAsync(connection);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client went away, the server stops, or the connection was ended on purpose.
        }
    }
}
