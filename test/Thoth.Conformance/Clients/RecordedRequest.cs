using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Thoth.Conformance.Clients;

/// <summary>A request as a <see cref="ContractServer"/> got it.</summary>
internal sealed class RecordedRequest
{
    public required ContractEndpoint Kind { get; init; }

    public required string Method { get; init; }

    /// <summary>The path as it was on the wire, nothing decoded; with the query, if any.</summary>
    public required string RawPath { get; init; }

    /// <summary>The protocol: <c>HTTP/1.1</c> or <c>HTTP/2</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Which of the server's connections it came by.</summary>
    public required string Connection { get; init; }

    /// <summary>Names compare without case; several values are joined with a comma.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body as text, decompressed where it came compressed.</summary>
    public required string Body { get; init; }

    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public static async Task<RecordedRequest> ReadAsync(HttpContext context)
    {
        var isGzip = context.Request.Headers.ContentEncoding == "gzip";
        using var reader = new StreamReader(isGzip ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body);
        var raw = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return new RecordedRequest
        {
            Kind = KindOf(context.Request.Method, raw),
            Method = context.Request.Method,
            RawPath = raw,
            Protocol = context.Request.Protocol,
            Connection = context.Connection.Id,
            Headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Body = await reader.ReadToEndAsync(context.RequestAborted),
        };
    }

    private static ContractEndpoint KindOf(string method, string path) => (method, path) switch
    {
        ("POST", _) when path.EndsWith("/v1/enforce", StringComparison.Ordinal) => ContractEndpoint.Enforce,
        ("GET", _) when path.Contains("/v1/enforce/hold/", StringComparison.Ordinal) => ContractEndpoint.Hold,
        ("POST", _) when path.EndsWith("/v1/events/batch", StringComparison.Ordinal) => ContractEndpoint.Events,
        ("POST", _) when path.EndsWith("/v1/explain", StringComparison.Ordinal) => ContractEndpoint.Explain,
        _ => ContractEndpoint.Other,
    };
}
