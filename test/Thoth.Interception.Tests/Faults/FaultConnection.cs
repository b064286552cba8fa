using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Thoth.Interception.Tests.Faults;

/// <summary>One connection to a <see cref="FaultServer"/>.</summary>
internal sealed class FaultConnection(FaultServer server, Socket socket, CancellationToken stop) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);
    private readonly byte[] _buffer = new byte[4096];
    private readonly MemoryStream _received = new();

    /// <summary>Cancelled when the server stops.</summary>
    public CancellationToken Stop => stop;

    public NetworkStream Stream => _stream;

    public FaultServer Server => server;

    /// <summary>How often this server was asked the same before.</summary>
    public int Turn { get; set; }

    /// <summary>Gets the cancellation of the caller that waits for the response.</summary>
    public CancellationTokenSource Caller => server.Callers[Asked("tool_name").Trim('"')];

    /// <summary>The request's line and headers.</summary>
    public string Head { get; private set; } = "";

    public string Body { get; private set; } = "";

    /// <returns>Whether there was one; the client may be done.</returns>
    public async Task<bool> ReadRequestAsync()
    {
        _received.SetLength(0);
        int end;
        while ((end = Received.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await ReceiveAsync())
            {
                return false;
            }
        }

        Head = Encoding.ASCII.GetString(Received[..end]);
        var length = Head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        var total = end + 4 + (length is null ? 0 : int.Parse(length["Content-Length:".Length..]));
        while (Received.Length < total)
        {
            if (!await ReceiveAsync())
            {
                return false;
            }
        }

        Body = Encoding.UTF8.GetString(Received[(end + 4)..total]);
        return true;
    }

    /// <summary>Gets a field of the request, unchanged.</summary>
    public string Asked(string field) => JsonDocument.Parse(Body).RootElement.GetProperty(field).GetRawText();

    /// <summary>Byte by byte, one each second.</summary>
    public async Task DripAsync(string text)
    {
        foreach (var character in text)
        {
            await SendAsync(character.ToString());
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, stop);
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, stop);

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Nothing more, until the client goes away or the server stops.</summary>
    public async Task WaitAsync()
    {
        while (await ReceiveAsync())
        {
        }

        throw new OperationCanceledException();
    }

    /// <summary>The end of the connection, in order: what was sent arrives.</summary>
    public Task EndAsync()
    {
        socket.Shutdown(SocketShutdown.Send);
        return Task.FromException(new OperationCanceledException());
    }

    /// <summary>The end of the connection by a reset, which may overtake what was sent.</summary>
    public Task ResetAsync()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
        return Task.FromException(new OperationCanceledException());
    }

    public void Dispose()
    {
        _stream.Dispose();
        _received.Dispose();
    }

    private ReadOnlySpan<byte> Received => _received.GetBuffer().AsSpan(0, (int)_received.Length);

    private async Task<bool> ReceiveAsync()
    {
        var count = await _stream.ReadAsync(_buffer, stop);
        _received.Write(_buffer, 0, count);
        return count > 0;
    }
}
