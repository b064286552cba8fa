using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Diagnostics;

namespace Thoth.Enforcer.Errors;

/// <summary>Turns exceptions into the contract's error response. A caller learns only about its own request.</summary>
internal sealed class ApiErrors(RequestDelegate next, ILogger<ApiErrors> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (ApiException e) when (!context.Response.HasStarted)
        {
            await ApiError.WriteAsync(context, e.Status, e.Code, e.Message);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await ApiError.WriteAsync(context, e.StatusCode, "malformed_request", "The request could not be read.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone, so there is nothing to send.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            // Any other exception is the server's fault: it goes to the log, not to the caller.
            EnforcerLog.RequestFailed(logger, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "", e);
            var (status, code) = e is SqliteException
                ? (StatusCodes.Status503ServiceUnavailable, "storage_unavailable")
                : (StatusCodes.Status500InternalServerError, "internal_error");
            await ApiError.WriteAsync(context, status, code, "The server failed. See its log.");
        }
    }
}
