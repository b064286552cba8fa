using System.Net.Mime;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Serialization;

namespace Thoth.Enforcer.Api;

/// <summary>Reads a JSON body, up to the largest allowed size.</summary>
internal static class RequestBody
{
    /// <exception cref="ApiException">The body is not JSON of this shape, too large, or of another type.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        var json = await ReadAsync(context);
        try
        {
            return JsonSerializer.Deserialize<T>(json.Span, ApiJson.Options)
                ?? throw ApiException.Malformed("The body must be a JSON object.");
        }
        catch (JsonException e)
        {
            throw ApiException.Malformed(FieldOf(e.Path) is { } field
                ? $"The body is not a valid JSON object of this endpoint; look at $.{field}."
                : "The body is not a valid JSON object of this endpoint.");
        }
    }

    /// <summary>Gets the field of the body that a path begins with. The rest of the path may name arguments.</summary>
    private static string? FieldOf(string? path) =>
        path?.Split('.', '[') is ["$", { Length: > 0 and < 64 } field, ..] && field.All(static c => char.IsAsciiLetterLower(c) || c == '_') ? field : null;

    /// <exception cref="ApiException">The body is too large, of another type, or not UTF-8.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson || request.Headers.ContentEncoding.Count > 0)
        {
            throw new ApiException(
                StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "The body must be application/json in UTF-8, not compressed.");
        }

        var limit = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? EnforcerOptions.MaxBodyBytes;
        if (request.ContentLength > limit)
        {
            throw ApiException.TooLarge(limit);
        }

        using var body = new MemoryStream((int)(request.ContentLength ?? 4096));
        try
        {
            await request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            throw e.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiException.TooLarge(limit) : ApiException.Malformed("The body could not be read.");
        }

        var json = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (!Utf8.IsValid(json.Span))
        {
            throw ApiException.Malformed("The body is not valid UTF-8.");
        }

        return JsonText.HasHalfPair(json.Span) ? throw ApiException.Malformed("The body contains a text that is not valid Unicode: half of a surrogate pair.") : json;
    }
}
