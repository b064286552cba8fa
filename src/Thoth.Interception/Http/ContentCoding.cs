using System.IO.Compression;

namespace Thoth.Interception.Http;

/// <summary>
/// Unpacks an answer that came compressed, though nobody asked for it: answers are a few hundred bytes. The handler of
/// <see cref="HttpClient"/> could do it, and would write, parse and search a list of codings for every request to do so.
/// </summary>
internal static class ContentCoding
{
    /// <summary>More than anybody has a reason for. Each has a buffer of its own: a header that names thousands would fill the memory.</summary>
    private const int Most = 2;

    /// <param name="content">Whose headers name the codings, in the order in which they were applied.</param>
    /// <param name="body">Its bytes as they arrive.</param>
    /// <returns>The bytes without any coding that is known here; what has another, or too many, is left as it is.</returns>
    public static Stream Decode(HttpContent content, Stream body)
    {
        if (!content.Headers.NonValidated.Contains("Content-Encoding") || content.Headers.ContentEncoding.Count > Most)
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
