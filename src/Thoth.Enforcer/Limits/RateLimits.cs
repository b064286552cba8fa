using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Tenants;

namespace Thoth.Enforcer.Limits;

/// <summary>Limits the requests per minute of each tenant to each endpoint (contract §1.1.8). Every response says how many are left.</summary>
internal sealed class RateLimits(EnforcerOptions options) : IAsyncDisposable
{
    private const int SignInsPerMinute = 20;

    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        KeyOf(context) is { } key
            ? RateLimitPartition.GetFixedWindowLimiter(key, _ => Window(options.RequestsPerMinute))
            : RateLimitPartition.GetNoLimiter(""));

    /// <summary>The name of the sign-in form's limit. It counts the attempts of all clients together, to slow guessing down.</summary>
    public const string SignIn = "sign-in";

    public void Configure(RateLimiterOptions limiter)
    {
        limiter.GlobalLimiter = _limiter;
        // A foreign request is refused before its token is compared. If it counted, any web site could lock people out.
        limiter.AddPolicy(SignIn, context => RequestOrigin.IsForeign(context.Request)
            ? RateLimitPartition.GetNoLimiter("")
            : RateLimitPartition.GetFixedWindowLimiter(SignIn, _ => Window(SignInsPerMinute)));
        limiter.OnRejected = (rejected, _) =>
        {
            var seconds = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)) : 60;
            rejected.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return new(ApiError.WriteAsync(
                rejected.HttpContext, StatusCodes.Status429TooManyRequests, "rate_limited", "Too many requests; try again later."));
        };
    }

    /// <summary>Adds the limit and the remaining requests to the response's headers.</summary>
    public Task AddHeadersAsync(HttpContext context, RequestDelegate next)
    {
        if (KeyOf(context) is not null)
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers["X-RateLimit-Limit"] = options.RequestsPerMinute.ToString(CultureInfo.InvariantCulture);
                headers["X-RateLimit-Remaining"] =
                    (_limiter.GetStatistics(context)?.CurrentAvailablePermits ?? 0).ToString(CultureInfo.InvariantCulture);
                headers["X-RateLimit-Window"] = "60";
                return Task.CompletedTask;
            });
        }

        return next(context);
    }

    public ValueTask DisposeAsync() => _limiter.DisposeAsync();

    private static string? KeyOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<RequiredRights>() is { } endpoint && context.Features.Get<Caller>() is { } caller
            ? $"{endpoint.Name} {caller.Tenant}"
            : null;

    private static FixedWindowRateLimiterOptions Window(int permits) =>
        new() { PermitLimit = permits, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 };
}
