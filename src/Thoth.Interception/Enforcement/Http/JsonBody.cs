using System.Buffers;
using System.Net;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// A request's JSON, which remembers whether it was taken to be sent. Its memory goes back to the pool when it has been disposed
/// and every pass over it has ended well: a transport may still read it when the answer is there, and one that gave up may
/// have left a write behind.
/// </summary>
internal sealed class JsonBody : HttpContent
{
    private readonly byte[] _rented;
    private readonly int _length;

    /// <summary>Who needs the memory: the owner until it disposes the body, and each pass. At 0 it is gone, and nobody gets it any more.</summary>
    private int _users = 1;
    private bool _isDisposed;
    private volatile bool _wasRead;

    /// <param name="rented">Memory of the shared pool, which is the body's own from now on.</param>
    /// <param name="length">How much of it is the JSON.</param>
    public JsonBody(byte[] rented, int length)
    {
        (_rented, _length) = (rented, length);
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    /// <summary>Somebody took the bytes: they may have reached the enforcer.</summary>
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

    /// <summary>Not called where a write failed: the memory is left to the garbage collector then.</summary>
    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
