namespace Thoth.Enforcer;

/// <summary>The envelope of errors: <c>{"error":{"code","message","requestId"}}</c> (contract §1.1.9).</summary>
internal sealed record ApiError(ApiErrorBody Error)
{
    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ApiError(new ApiErrorBody(code, message, context.TraceIdentifier)), ApiJson.Options);
    }
}
