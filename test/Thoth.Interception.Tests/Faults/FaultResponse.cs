using System.IO.Compression;
using System.Text;

namespace Thoth.Interception.Tests.Faults;

/// <summary>What a <see cref="FaultServer"/> does with a request.</summary>
internal sealed record FaultResponse(string Name, Func<FaultConnection, Task> WriteAsync)
{
    public static FaultResponse Allow { get; } = Json("""{"decision":"ALLOW"}""");

    /// <summary>Sends no response.</summary>
    public static FaultResponse Never { get; } = new("no response", connection => connection.WaitAsync());

    public static FaultResponse Json(string body) => Http(200, body);

    /// <summary>Makes the response from the request.</summary>
    public static FaultResponse Json(string name, Func<FaultConnection, string> body) =>
        new(name, connection => connection.SendAsync(Bytes(200, Encoding.UTF8.GetBytes(body(connection)), "Content-Type: application/json")));

    public static FaultResponse Http(int status, string body, params string[] headers) =>
        Http(Shortened($"{status} {body}"), status, Encoding.UTF8.GetBytes(body), headers);

    public static FaultResponse Http(string name, int status, byte[] body, params string[] headers)
    {
        var bytes = Bytes(status, body, headers.Length == 0 ? ["Content-Type: application/json"] : headers);
        return new(name, connection => connection.SendAsync(bytes));
    }

    /// <summary>Sends the responses one by one to the same request, then repeats the last.</summary>
    public static FaultResponse InTurn(params FaultResponse[] responses) => new(
        string.Join(", then ", responses.Select(a => a.Name)),
        connection => responses[Math.Min(connection.Turn, responses.Length - 1)].WriteAsync(connection));

    public static byte[] Gzip(ReadOnlySpan<byte> body)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return compressed.ToArray();
    }

    public override string ToString() => Name;

    private static byte[] Bytes(int status, byte[] body, params string[] headers)
    {
        // These have no body, also where they say that they have one.
        var length = status is 204 or 304 or < 200 ? "" : $"Content-Length: {body.Length}\r\n";
        var head = $"HTTP/1.1 {status:D3} X\r\n{string.Concat(headers.Select(h => h + "\r\n"))}{length}\r\n";
        return [.. Encoding.UTF8.GetBytes(head), .. length.Length == 0 ? [] : body];
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
