using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.AspNetCore.Problems;

/// <summary>Refuses requests that have no session.</summary>
internal static class Refusal
{
    /// <summary>
    /// Writes the problem. If the client must authenticate, the application's authentication says how, by a header or by a redirect to
    /// its login page; a response with status 401 has the problem as its body.
    /// </summary>
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        if (problem != Problem.Unauthenticated)
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        if (context.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes
            && await schemes.GetDefaultChallengeSchemeAsync().ConfigureAwait(false) is not null)
        {
            await context.ChallengeAsync().ConfigureAwait(false);
        }

        if (!context.Response.HasStarted && context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }
}
