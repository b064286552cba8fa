using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Thoth.Interception;
using Thoth.Interception.AspNetCore;
using Thoth.Interception.AspNetCore.Callers;
using Thoth.Interception.AspNetCore.Holds;
using Thoth.Interception.AspNetCore.Problems;
using Thoth.Interception.AspNetCore.Requests;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts Thoth into the pipeline of a web application.</summary>
public static class ThothWebExtensions
{
    private const string ProblemJson = "application/problem+json";

    /// <summary>
    /// Lets each request enter the session of its user and conversation, so that governed calls in it belong to them. A request that names
    /// a held call in the header <see cref="ThothAspNetCoreOptions.HeldHeader"/> resumes it.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns>The same application.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="app"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException"><c>AddAspNetCore</c> was not called.</exception>
    /// <remarks>
    /// Call it after <c>UseExceptionHandler</c>, and after <c>UseCors</c>, <c>UseAuthentication</c> and <c>UseAuthorization</c> if the
    /// application calls them. A request without a conversation has a session of its own, which ends with it. An aborted request ends
    /// the wait of its calls for an approval.
    /// </remarks>
    /// <example>
    /// <code>
    /// app.UseExceptionHandler();
    /// app.UseThoth();
    /// app.MapThothHolds("/holds");
    /// </code>
    /// </example>
    public static IApplicationBuilder UseThoth(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<CallerReader>() is null)
        {
            throw new InvalidOperationException("UseThoth needs services that are not registered. Call services.AddThoth().AddAspNetCore().");
        }

        return app.UseMiddleware<SessionMiddleware>();
    }

    /// <summary>
    /// Adds a handler that responds for governed calls that did not run, with problem details (RFC 9457): 202 for a held call, 403 for
    /// a blocked one, 503 for one that is deferred or cannot be decided. <c>app.UseExceptionHandler()</c> uses it.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is <see langword="null"/>.</exception>
    /// <remarks>The bodies have the reason code, the rules and the ids of the decision. They contain no argument, key or token.</remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddThothProblemDetails();
    /// app.UseExceptionHandler();
    /// </code>
    /// </example>
    public static IServiceCollection AddThothProblemDetails(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddProblemDetails();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExceptionHandler, RefusalHandler>());
        return services;
    }

    /// <summary>
    /// Maps the status of the caller's held calls: <c>GET</c> the pattern lists those of the conversation, <c>GET /{id}</c> is one of
    /// them, and <c>GET /{id}/events</c> sends its state as server-sent events until it is final.
    /// </summary>
    /// <param name="endpoints">The endpoints.</param>
    /// <param name="pattern">The prefix of the routes.</param>
    /// <returns>The group of the endpoints.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoints"/> or <paramref name="pattern"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// A held call of another user or conversation is not found. The response to a call that is held has the path of its status as
    /// <c>Location</c>.
    /// </remarks>
    /// <example>
    /// <code>
    /// app.MapThothHolds("/holds");
    /// </code>
    /// </example>
    public static RouteGroupBuilder MapThothHolds(this IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        if (endpoints.ServiceProvider.GetService<CallerHolds>() is null)
        {
            throw new InvalidOperationException("MapThothHolds needs services that are not registered. Call services.AddThoth().AddAspNetCore().");
        }

        var group = endpoints.MapGroup(pattern).DisableCookieRedirect();
        group.MapGet("", HoldEndpoints.ListAsync)
            .Produces<HeldCallStatus[]>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/{id}", HoldEndpoints.GetAsync)
            .WithMetadata(new RouteNameMetadata(ProblemWriter.StatusRoute))
            .Produces<HeldCallStatus>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id}/events", HoldEndpoints.WatchAsync)
            .Produces<HeldCallStatus>(StatusCodes.Status200OK, "text/event-stream")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status404NotFound);
        return group;
    }

    /// <summary>Documents the responses of an endpoint whose governed calls may be held, refused or deferred, for OpenAPI.</summary>
    /// <typeparam name="TBuilder">The type of the endpoint's builder.</typeparam>
    /// <param name="builder">The endpoint's builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <remarks>
    /// Cookie authentication responds to an unauthenticated request to the endpoint with status 401 instead of a redirect. Controllers
    /// document their responses with <see cref="ProducesResponseTypeAttribute{T}"/> instead.
    /// </remarks>
    /// <example>
    /// <code>
    /// app.MapPost("/orders/{id}/refund", Refund).ProducesThothProblems();
    /// </code>
    /// </example>
    public static TBuilder ProducesThothProblems<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var status in (int[])[202, 400, 401, 403, 412, 503])
        {
            builder.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), [ProblemJson]));
        }

        // A client of an API takes status 401, not a redirect to a login page.
        builder.DisableCookieRedirect();
        return builder;
    }
}
