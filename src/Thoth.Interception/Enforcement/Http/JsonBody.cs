using System.Buffers;
using System.Net;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// The JSON of a request, which records whether it was read. Its memory returns to the pool when it has been disposed and every
/// read has ended well: a transport may still read it when the response has arrived, and one that gave up may have left a write
/// running.
/// </summary>
internal sealed class JsonBody : HttpContent
{
    private readonly byte[] _rented;
    private readonly int _length;

    /// <summary>The number of users of the memory: the owner until it disposes the body, and each read. At 0 it has been returned.</summary>
    private int _users = 1;
    private bool _isDisposed;
    private volatile bool _wasRead;

    /// <param name="rented">Memory of the shared pool, which the body owns from now on.</param>
    /// <param name="length">The length of the JSON in it.</param>
    public JsonBody(byte[] rented, int length)
    {
        (_rented, _length) = (rented, length);
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    /// <summary>Whether the bytes were read: then they may have reached the enforcer.</summary>
    public bool WasRead => _wasRead;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Enter();
        await stream.WriteAsync(_rented.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
        Leave();
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Enter();
        stream.Write(_rented.AsSpan(0, _length));
        Leave();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !Interlocked.Exchange(ref _isDisposed, true))
        {
            Leave();
        }

        base.Dispose(disposing);
    }

    private void Enter()
    {
        _wasRead = true;
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            ObjectDisposedException.ThrowIf(users == 0, this);
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
    }

    /// <summary>Not called after a failed write: then the memory is left to the garbage collector.</summary>
    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
