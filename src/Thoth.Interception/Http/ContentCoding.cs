using System.IO.Compression;

namespace Thoth.Interception.Http;

/// <summary>
/// Decompresses a response that came compressed although the request did not ask for it. The handler of <see cref="HttpClient"/>
/// could do it too, but would add a header to each request and parse one of each response for a few hundred bytes.
/// </summary>
internal static class ContentCoding
{
    /// <summary>Limits the nested decoders: each has a buffer, so a header that names thousands would fill the memory.</summary>
    private const int MaxCodings = 2;

    /// <param name="content">The content; its headers name the codings in the order in which they were applied.</param>
    /// <param name="body">The bytes as they arrive.</param>
    /// <returns>The decoded bytes. An unknown coding is left as it is, as are more codings than the limit.</returns>
    public static Stream Decode(HttpContent content, Stream body)
    {
        if (!content.Headers.NonValidated.Contains("Content-Encoding") || content.Headers.ContentEncoding.Count > MaxCodings)
        {
            return body;
        }

        foreach (var coding in content.Headers.ContentEncoding.Reverse())
        {
            body = coding.ToLowerInvariant() switch
            {
                "gzip" or "x-gzip" => new GZipStream(body, CompressionMode.Decompress),
                "deflate" => new ZLibStream(body, CompressionMode.Decompress),
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                _ => body,
            };
        }

        return body;
    }
}
