using Microsoft.Extensions.Primitives;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Errors;

namespace Thoth.Enforcer.Tenants;

/// <summary>
/// Authenticates a request before its body is read. SDKs send the key as a bearer token, as <c>X-Api-Key</c>, or both
/// (contract §1.1.2); the events endpoint also accepts an ingest token.
/// </summary>
internal sealed class ApiAuthentication(RequestDelegate next, ApiKeys keys, EnforcerOptions options)
{
    /// <summary>The tenant of all requests if the server has no keys.</summary>
    public const string LocalTenant = "local";

    private const string Bearer = "Bearer ";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RequiredRights>() is not { } required)
        {
            return next(context);
        }

        if (!keys.Any)
        {
            context.Features.Set(new Caller(options.Tenant ?? LocalTenant, IsKnown: false, options.Tenant));
            return next(context);
        }

        var headers = context.Request.Headers;
        var presented = new[] { BearerIn(headers.Authorization), Single(headers["X-Api-Key"]) }.OfType<string>().Distinct().ToArray();
        if (presented.Length == 0 && required.Rights == KeyRights.Write && Single(headers["X-Thoth-Event-Ingest-Token"]) is { } ingest)
        {
            presented = [ingest];
        }

        if (presented is not [var key] || keys.Find(key) is not { } found)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return ApiError.WriteAsync(
                context, StatusCodes.Status401Unauthorized, "unauthorized", "The request has no valid API key, or two that differ.");
        }

        if (!found.Rights.HasFlag(required.Rights))
        {
            return ApiError.WriteAsync(
                context, StatusCodes.Status403Forbidden, "forbidden", "The API key is not valid for this endpoint.");
        }

        context.Features.Set(new Caller(found.Tenant, IsKnown: true, null));
        return next(context);
    }

    private static string? BearerIn(StringValues header) =>
        Single(header) is { } text && text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? Single(text[Bearer.Length..].Trim()) : null;

    /// <summary>Gets the header's value. The joined values of a repeated header match no key.</summary>
    private static string? Single(StringValues header) => header.ToString() is { Length: > 0 } text ? text : null;
}
