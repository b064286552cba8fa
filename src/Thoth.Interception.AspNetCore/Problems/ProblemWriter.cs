using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.AspNetCore.Problems;

/// <summary>Writes problems as responses.</summary>
internal static class ProblemWriter
{
    /// <summary>The name of the routes that <c>MapThothHolds</c> maps to the status of a held call. Several may have it.</summary>
    public const string StatusRoute = "Thoth.HeldCall";

    /// <param name="context">The request, whose response has not started.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="exception">The exception that it comes from, for the application's own writers of problem details.</param>
    /// <param name="routeValues">The values of the request's route, from which the status of a held call may take its own.</param>
    public static async ValueTask WriteAsync(
        HttpContext context, Problem problem, Exception? exception = null, RouteValueDictionary? routeValues = null)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } retryAfter)
        {
            var seconds = Math.Clamp(Math.Ceiling(retryAfter.TotalSeconds), 1, int.MaxValue);
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Held is { } held && StatusPathOf(context, held, routeValues) is { } location)
        {
            response.Headers.Location = location;
        }

        var details = problem.ToDetails();
        if (context.RequestServices.GetService<IProblemDetailsService>() is not { } service
            || !await service.TryWriteAsync(new() { HttpContext = context, ProblemDetails = details, Exception = exception }).ConfigureAwait(false))
        {
            // The client accepts another type alone, such as text/html. It gets the problem all the same.
            await response.WriteAsJsonAsync(details, options: null, contentType: "application/problem+json", context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static string? StatusPathOf(HttpContext context, HeldCall held, RouteValueDictionary? routeValues) =>
        context.RequestServices.GetService<LinkGenerator>()?.GetPathByAddress(
            context,
            new RouteValuesAddress { RouteName = StatusRoute, ExplicitValues = new RouteValueDictionary { ["id"] = held.Id }, AmbientValues = routeValues },
            new RouteValueDictionary { ["id"] = held.Id },
            routeValues);
}
