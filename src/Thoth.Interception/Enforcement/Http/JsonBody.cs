using System.Net;

namespace Thoth.Interception;

/// <summary>A request's JSON, which remembers whether it was taken to be sent.</summary>
internal sealed class JsonBody : HttpContent
{
    private readonly byte[] _json;
    private volatile bool _wasRead;

    public JsonBody(byte[] json)
    {
        _json = json;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    /// <summary>Somebody took the bytes: they may have reached the enforcer.</summary>
    public bool WasRead => _wasRead;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _wasRead = true;
        return stream.WriteAsync(_json, cancellationToken).AsTask();
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _wasRead = true;
        stream.Write(_json);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _json.Length;
        return true;
    }
}
