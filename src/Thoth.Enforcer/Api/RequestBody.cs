using System.Net.Mime;
using System.Text.Json;
using System.Text.Unicode;
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
            throw ApiException.Malformed(e.Path is { Length: > 1 } path && path.Length < 200
                ? $"The body is not a valid JSON object of this endpoint; look at {path}."
                : "The body is not a valid JSON object of this endpoint.");
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json reports half a surrogate pair this way.
            throw ApiException.Malformed("The body contains a text that is not valid Unicode.");
        }
    }

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

        if (request.ContentLength > EnforcerOptions.MaxBodyBytes)
        {
            throw ApiException.TooLarge();
        }

        using var body = new MemoryStream((int)(request.ContentLength ?? 4096));
        try
        {
            await request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException e)
        {
            throw e.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiException.TooLarge() : ApiException.Malformed("The body could not be read.");
        }

        var json = body.GetBuffer().AsMemory(0, (int)body.Length);
        return Utf8.IsValid(json.Span) ? json : throw ApiException.Malformed("The body is not valid UTF-8.");
    }
}
