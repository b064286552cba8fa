using Microsoft.Net.Http.Headers;
using Thoth.Enforcer.Diagnostics;
using Thoth.Enforcer.Errors;
using Thoth.Enforcer.Tenants;

namespace Thoth.Enforcer.Limits;

/// <summary>Records the requests that the server refuses, so that an operator sees them.</summary>
internal sealed class RefusalRecorder(RequestDelegate next, RefusedRequests refused)
{
    /// <summary>A longer part of a path may be a token.</summary>
    private const int MaxSegmentLength = 24;

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        var status = context.Response.StatusCode;
        if (status is < 400 or >= 500 || IsPageWithoutSignIn(context, status))
        {
            return;
        }

        var error = context.Features.Get<ApiErrorBody>();
        refused.Add(
            new RefusedKind(status, error?.Code ?? "rejected"),
            NameOf(context),
            error?.Message ?? "",
            $"{context.Connection.RemoteIpAddress} {context.Request.Headers[HeaderNames.UserAgent]}");
    }

    /// <summary>An open page whose sign-in has ended asks again and again.</summary>
    private static bool IsPageWithoutSignIn(HttpContext context, int status) =>
        status == StatusCodes.Status401Unauthorized && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<RequiredRights>() is null;

    private static string NameOf(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } pattern }
            ? $"{context.Request.Method} {pattern}"
            : $"{context.Request.Method} {string.Join('/', (context.Request.Path.Value ?? "").Split('/').Take(6).Select(static part => part.Length <= MaxSegmentLength ? part : "…"))}";
}
