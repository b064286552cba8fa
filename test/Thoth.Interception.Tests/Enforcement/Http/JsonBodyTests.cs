using System.Buffers;
using System.Text;
using Thoth.Interception.Enforcement.Http;

namespace Thoth.Interception.Tests.Enforcement.Http;

/// <summary>The memory of a request body returns to the pool when no reader is left, and not before.</summary>
public class JsonBodyTests
{
    private const int Size = 8 * 1024;

    [Test]
    public async Task DisposedWhileItIsSent_KeepsItsBytesUntilItIsSent([Values] bool twice)
    {
        var body = Body("the request");
        var transport = new SlowStream();
        var sending = body.CopyToAsync(transport);

        body.Dispose();
        if (twice)
        {
            body.Dispose();
        }

        var others = OverwriteThePool();

        Assert.That(others, Has.None.SameAs(transport.Array));
        Assert.That(Encoding.UTF8.GetString(transport.Taken.Span), Is.EqualTo("the request"));
        transport.Written.SetResult();
        await sending;
    }

    [Test]
    public async Task SentAndDisposed_GivesItsMemoryBackOnce([Values] bool twice, [Values] bool sync)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Size);
        var body = new JsonBody(rented, 10);
        if (sync)
        {
            body.CopyTo(Stream.Null, null, CancellationToken.None);
        }
        else
        {
            await body.CopyToAsync(Stream.Null);
        }

        body.Dispose();
        if (twice)
        {
            body.Dispose();
        }

        Assert.That(OverwriteThePool(), Has.Exactly(1).SameAs(rented));
    }

    [Test]
    public async Task FailedWrite_MayGoOnBehindTheBack_SoTheBytesAreNotGivenBack()
    {
        var body = Body("the request");
        var transport = new SlowStream();
        var sending = body.CopyToAsync(transport);
        transport.Written.SetException(new IOException("gone"));
        await Assert.ThrowsAsync<HttpRequestException>(() => sending);

        body.Dispose();

        Assert.That(OverwriteThePool(), Has.None.SameAs(transport.Array));
    }

    [Test]
    public async Task ManyPasses_AreTheSame_AndNoneFollowsTheEnd()
    {
        var body = Body("the request");
        Assert.That(body.WasRead, Is.False);
        using var first = new MemoryStream();
        await body.CopyToAsync(first);
        using var second = new MemoryStream();
        body.CopyTo(second, null, CancellationToken.None);

        body.Dispose();
        body.Dispose();

        Assert.That(Encoding.UTF8.GetString(first.ToArray()), Is.EqualTo("the request"));
        Assert.That(second.ToArray(), Is.EqualTo(first.ToArray()));
        Assert.That(body.WasRead, Is.True);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => body.CopyToAsync(new MemoryStream()));
    }

    private static JsonBody Body(string text)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Size);
        return new JsonBody(rented, Encoding.UTF8.GetBytes(text, rented));
    }

    /// <summary>What others get from the pool now, filled with something else.</summary>
    private static List<byte[]> OverwriteThePool()
    {
        var rented = Enumerable.Range(0, 4).Select(_ => ArrayPool<byte>.Shared.Rent(Size)).ToList();
        rented.ForEach(static bytes => bytes.AsSpan().Fill((byte)'x'));
        rented.ForEach(static bytes => ArrayPool<byte>.Shared.Return(bytes));
        return rented;
    }

    private sealed class SlowStream : MemoryStream
    {
        public TaskCompletionSource Written { get; } = new();

        public ReadOnlyMemory<byte> Taken { get; private set; }

        public byte[] Array => System.Runtime.InteropServices.MemoryMarshal.TryGetArray(Taken, out var segment) ? segment.Array! : [];

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Taken = buffer;
            await Written.Task;
        }
    }
}
