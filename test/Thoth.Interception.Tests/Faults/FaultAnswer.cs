using System.IO.Compression;
using System.Text;

namespace Thoth.Interception.Tests.Faults;

/// <summary>What a <see cref="FaultServer"/> does with a request.</summary>
internal sealed record FaultAnswer(string Name, Func<FaultConnection, Task> WriteAsync)
{
    public static FaultAnswer Allow { get; } = Json("""{"decision":"ALLOW"}""");

    /// <summary>A request, and nothing more.</summary>
    public static FaultAnswer Never { get; } = new("no answer", connection => connection.WaitAsync());

    public static FaultAnswer Json(string body) => Http(200, body);

    /// <summary>The answer is made of the question.</summary>
    public static FaultAnswer Json(string name, Func<FaultConnection, string> body) =>
        new(name, connection => connection.SendAsync(Bytes(200, Encoding.UTF8.GetBytes(body(connection)), "Content-Type: application/json")));

    public static FaultAnswer Http(int status, string body, params string[] headers) =>
        Http(Shortened($"{status} {body}"), status, Encoding.UTF8.GetBytes(body), headers);

    public static FaultAnswer Http(string name, int status, byte[] body, params string[] headers)
    {
        var bytes = Bytes(status, body, headers.Length == 0 ? ["Content-Type: application/json"] : headers);
        return new(name, connection => connection.SendAsync(bytes));
    }

    /// <summary>One answer after the other to the same request; the last one again and again.</summary>
    public static FaultAnswer InTurn(params FaultAnswer[] answers) => new(
        string.Join(", then ", answers.Select(a => a.Name)),
        connection => answers[Math.Min(connection.Turn, answers.Length - 1)].WriteAsync(connection));

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
