using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Thoth.Conformance.Clients;

/// <summary>How a <see cref="ContractServer"/> answers one request. A string is a 200 with that body.</summary>
internal sealed class ContractAnswer
{
    public int Status { get; init; } = 200;

    public string Body { get; init; } = "";

    /// <summary>Instead of <see cref="Body"/>, where the bytes matter.</summary>
    public byte[]? RawBody { get; init; }

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The answer waits for this.</summary>
    public Task? After { get; init; }

    /// <summary>The end of the body waits for this: its first half is sent before.</summary>
    public Task? RestAfter { get; init; }

    /// <summary>The connection is reset instead of answered.</summary>
    public bool Abort { get; init; }

    /// <summary>No answer until the client goes away or the server stops.</summary>
    public static ContractAnswer Never => new() { After = new TaskCompletionSource().Task };

    public static implicit operator ContractAnswer(string body) => new() { Body = body };

    public static ContractAnswer Gzip(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return new() { RawBody = compressed.ToArray(), Headers = new Dictionary<string, string> { ["Content-Encoding"] = "gzip" } };
    }

    public async Task WriteAsync(HttpContext context)
    {
        if (After is not null)
        {
            await After.WaitAsync(context.RequestAborted);
        }

        if (Abort)
        {
            context.Abort();
            return;
        }

        var response = context.Response;
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        var body = RawBody ?? Encoding.UTF8.GetBytes(Body);
        if (body.Length == 0)
        {
            return;
        }

        response.ContentType = ContentType;
        if (RestAfter is not null)
        {
            await response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
            await response.Body.FlushAsync();
            await RestAfter.WaitAsync(context.RequestAborted);
            body = body[(body.Length / 2)..];
        }

        await response.Body.WriteAsync(body);
    }
}
