using System.IO.Compression;

namespace Thoth.Interception.Events.Http;

/// <summary>Compresses the body of a request.</summary>
internal static class EventCompression
{
    public static byte[] Gzip(ReadOnlySpan<byte> body)
    {
        using var compressed = new MemoryStream(body.Length / 4);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return compressed.ToArray();
    }
}
