using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Diagnostics;

namespace Thoth.Enforcer.Errors;

/// <summary>Turns what goes wrong into the contract's envelope. A caller never learns more than what its own request did.</summary>
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
            // Nobody is there to be answered.
        }
#pragma warning disable CA1031 // Whatever else goes wrong is the server's fault: told to its log, not to the caller.
        catch (Exception e) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            EnforcerLog.RequestFailed(logger, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "", e);
            var (status, code) = e is SqliteException
                ? (StatusCodes.Status503ServiceUnavailable, "storage_unavailable")
                : (StatusCodes.Status500InternalServerError, "internal_error");
            await ApiError.WriteAsync(context, status, code, "The server could not answer; its log says why.");
        }
    }
}
