using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Thoth.Interception.Tests.Faults;

/// <summary>Faults of the connection (contract §1.2.5, last rows but one): outages, which fail-open covers, unless a response came.</summary>
internal static class TransportFaults
{
    private const string AnyHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private static readonly string?[] s_unreachable = [SdkReasonCodes.EnforcerUnreachable];
    private static readonly string?[] s_timeout = [SdkReasonCodes.EnforcerTimeout];
    private static readonly string?[] s_either = [SdkReasonCodes.EnforcerUnreachable, SdkReasonCodes.EnforcerTimeout];
    private static readonly string?[] s_malformed = [SdkReasonCodes.EnforcerInvalidResponse];

    public static IEnumerable<Fault> All =>
    [
        new("connection refused", FaultOutcome.Outage) { Listens = false, Codes = s_unreachable },

        // Within the limit if a resolver responds; a machine without one may take longer.
        new("DNS failure", FaultOutcome.Outage) { Url = _ => "https://nobody.invalid", Codes = s_either },
        new("TLS: self-signed", FaultOutcome.Outage) { Url = Https, Codes = s_unreachable, Connection = SelfSignedAsync },
        new("TLS: no TLS at all", FaultOutcome.Outage) { Url = Https, Codes = s_unreachable, Connection = c => c.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n") },
        new("TLS: no handshake", FaultOutcome.Outage) { Url = Https, Codes = s_timeout, Connection = c => c.WaitAsync(), Waits = true },
        Outage("reset before headers", s_unreachable, c => c.ResetAsync()),
        new("reset of a connection that was in use", FaultOutcome.Outage)
        {
            // What a client may take for an old connection that the server has given up; the request is not sent again.
            Responses = [FaultResponse.Http(503, ""), new("reset", c => c.ResetAsync()), FaultResponse.Http(503, ""), new("end", c => c.EndAsync())],
            Codes = [SdkReasonCodes.EnforcerHttpError, SdkReasonCodes.EnforcerUnreachable],
        },
        Outage("end before headers", s_unreachable, c => c.EndAsync()),
        Outage("end inside headers", s_unreachable, async c =>
        {
            await c.SendAsync("HTTP/1.1 200 OK\r\nContent-Ty");
            await c.EndAsync();
        }),
        Outage("reset inside the body", s_unreachable, async c =>
        {
            await c.SendAsync(AnyHead + "Content-Length: 100\r\n\r\n{\"decision\":\"ALLOW\"}");
            await c.ResetAsync();
        }),
        Outage("truncated body", s_unreachable, async c =>
        {
            await c.SendAsync(AnyHead + "Content-Length: 100\r\n\r\n{\"decision\":\"ALLOW\"}");
            await c.EndAsync();
        }),
        Outage("truncated chunks", s_unreachable, async c =>
        {
            await c.SendAsync(AnyHead + "Transfer-Encoding: chunked\r\n\r\n14\r\n{\"decision\":\"ALLOW\"}\r\n");
            await c.EndAsync();
        }),
        Outage("no response", s_timeout, c => c.WaitAsync()),
        Outage("half a head, then nothing", s_timeout, async c =>
        {
            await c.SendAsync("HTTP/1.1 200 OK\r\n");
            await c.WaitAsync();
        }),
        Outage("half a body, then nothing", s_timeout, async c =>
        {
            await c.SendAsync(AnyHead + "Content-Length: 20\r\n\r\n{\"decision\":\"ALLOW\"");
            await c.WaitAsync();
        }),
        Outage("one byte per second", s_timeout, c => c.DripAsync(AnyHead + "Content-Length: 20\r\n\r\n{\"decision\":\"ALLOW\"}")),
        Outage("one byte of body per second", s_timeout, async c =>
        {
            await c.SendAsync(AnyHead + "Content-Length: 20\r\n\r\n");
            await c.DripAsync("{\"decision\":\"ALLOW\"}");
        }),
        Outage("endless interim responses", s_timeout, async c =>
        {
            while (true)
            {
                await c.SendAsync("HTTP/1.1 103 Early Hints\r\n\r\n");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, c.Stop);
            }
        }),

        // A body without a length ends where the connection does: what came is all there is, and no JSON.
        Malformed("truncated JSON", FaultResponse.Json("{\"decision\":\"ALL")),
        Malformed("truncated body without length", Raw(async c =>
        {
            await c.SendAsync(AnyHead + "Connection: close\r\n\r\n{\"decision\":\"ALLOW\"");
            await c.EndAsync();
        })),
        Malformed("endless body", Raw(async c =>
        {
            await c.SendAsync(AnyHead + "\r\n{\"decision\":\"ALLOW\",\"pad\":\"");
            var pad = Encoding.UTF8.GetBytes(new string('x', 64 * 1024));
            while (true)
            {
                await c.SendAsync(pad);
            }
        })),
        Malformed("endless blanks", Raw(async c =>
        {
            await c.SendAsync(AnyHead + "\r\n{\"decision\":\"ALLOW\"}");
            var pad = Encoding.UTF8.GetBytes(new string(' ', 64 * 1024));
            while (true)
            {
                await c.SendAsync(pad);
            }
        })),
        Malformed("endless headers", Raw(async c =>
        {
            await c.SendAsync("HTTP/1.1 200 OK\r\n");
            while (true)
            {
                await c.SendAsync($"X-Pad: {new string('x', 1000)}\r\n");
            }
        })),
        Malformed("oversize body", FaultResponse.Json("{\"decision\":\"ALLOW\",\"pad\":\"" + new string('x', 1024 * 1024) + "\"}")),
        Malformed("length of many gigabytes", Raw(async c =>
        {
            await c.SendAsync(AnyHead + "Content-Length: 9000000000\r\n\r\n{\"decision\":\"ALLOW\"}");
            await c.WaitAsync();
        })),
        Malformed("no HTTP", Raw(async c =>
        {
            await c.SendAsync("{\"decision\":\"ALLOW\"}\r\n\r\n");
            await c.EndAsync();
        })),
        Malformed("gzip bomb", FaultResponse.Http(
            "64 MiB", 200, FaultResponse.Gzip(Encoding.UTF8.GetBytes("{\"decision\":\"ALLOW\"" + new string(' ', 64 * 1024 * 1024) + "}")), "Content-Encoding: gzip")),
        Malformed("no gzip", FaultResponse.Http(200, "{\"decision\":\"ALLOW\"}", "Content-Encoding: gzip")),
    ];

    private static Fault Outage(string name, string?[] codes, Func<FaultConnection, Task> write) => new(name, FaultOutcome.Outage)
    {
        Responses = [new FaultResponse(name, write)],
        Codes = codes,
        Waits = codes == s_timeout,
    };

    private static Fault Malformed(string name, FaultResponse response) => new(name, FaultOutcome.Refused) { Responses = [response], Codes = s_malformed };

    private static FaultResponse Raw(Func<FaultConnection, Task> write) => new("raw", write);

    private static string Https(string url) => url.Replace("http:", "https:", StringComparison.Ordinal);

    private static async Task SelfSignedAsync(FaultConnection connection)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(new(2020, 1, 1, 0, 0, 0, default), new(2099, 1, 1, 0, 0, 0, default));
        using var tls = new SslStream(connection.Stream);
        await tls.AuthenticateAsServerAsync(certificate);
    }
}
