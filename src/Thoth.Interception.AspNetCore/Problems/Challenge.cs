using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Thoth.Interception.AspNetCore.Problems;

/// <summary>Asks the client to authenticate.</summary>
internal static class Challenge
{
    /// <summary>
    /// Lets the application's authentication say how: by a header, or by a redirect to its login page. A response with status 401 has
    /// the problem as its body.
    /// </summary>
    public static async Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        if (context.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes
            && await schemes.GetDefaultChallengeSchemeAsync().ConfigureAwait(false) is not null)
        {
            await context.ChallengeAsync().ConfigureAwait(false);
        }

        if (!context.Response.HasStarted && context.Response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            await ProblemWriter.WriteAsync(context, Problem.Unauthenticated).ConfigureAwait(false);
        }
    }
}
