using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Thoth.Interception.AspNetCore.Callers;
using Thoth.Interception.AspNetCore.Problems;

namespace Thoth.Interception.AspNetCore.Requests;

/// <summary>Responds for calls that did not run.</summary>
internal sealed class RefusalHandler(IOptions<ThothOptions> options, ILogger<RefusalHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.Response.HasStarted || Problem.Of(exception, options.Value.StepUp) is not { } problem)
        {
            return false;
        }

        var request = httpContext.Features.Get<IExceptionHandlerFeature>();
        if (problem == Problem.NoSession)
        {
            if (httpContext.Features.Get<RequestCaller>() is { Problem: { } userProblem })
            {
                await Refusal.WriteAsync(httpContext, userProblem).ConfigureAwait(false);
                return true;
            }

            WebLog.NoSession(logger, request?.Endpoint?.DisplayName ?? "unknown");
        }

        await ProblemWriter.WriteAsync(httpContext, problem, exception, request?.RouteValues).ConfigureAwait(false);
        return true;
    }
}
