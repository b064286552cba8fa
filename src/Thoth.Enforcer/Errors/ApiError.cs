using Thoth.Enforcer.Serialization;

namespace Thoth.Enforcer.Errors;

/// <summary>Represents the error response: <c>{"error":{"code","message","requestId"}}</c> (contract §1.1.9).</summary>
internal sealed record ApiError(ApiErrorBody Error)
{
    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        var error = new ApiErrorBody(code, message, context.TraceIdentifier);
        context.Features.Set(error);
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ApiError(error), ApiJson.Options);
    }

    /// <summary>Writes the body of a response that routing sent without one.</summary>
    public static Task WriteEmptyAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var (code, message) = status switch
        {
            StatusCodes.Status404NotFound => ("not_found", "The path does not exist."),
            StatusCodes.Status405MethodNotAllowed => ("method_not_allowed", "The path does not support this method."),
            StatusCodes.Status415UnsupportedMediaType => ("unsupported_media_type", "The body must be application/json in UTF-8, not compressed."),
            _ => ("rejected", "The request was rejected."),
        };
        return WriteAsync(context, status, code, message);
    }
}
