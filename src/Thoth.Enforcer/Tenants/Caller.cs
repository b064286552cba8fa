using Microsoft.AspNetCore.Http.Features;
using Thoth.Enforcer.Errors;

namespace Thoth.Enforcer.Tenants;

/// <summary>Who asks: whose requests they are, and what for.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="IsKnown">Whether a key proves it. Without keys there is one tenant, whatever requests call it.</param>
/// <param name="OnlyNamed">Without keys: the only name that requests may give it, or <see langword="null"/> for any.</param>
internal sealed record Caller(string Tenant, bool IsKnown, string? OnlyNamed)
{
    public static Caller Of(HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    /// <summary>The tenant of what a request brings.</summary>
    /// <param name="named">The tenant that the request itself names.</param>
    /// <exception cref="ApiException">It is another's.</exception>
    public string TenantFor(string? named)
    {
        var allowed = IsKnown ? Tenant : OnlyNamed;
        return allowed is null || string.IsNullOrWhiteSpace(named) || string.Equals(named, allowed, StringComparison.Ordinal)
            ? Tenant
            : throw new ApiException(StatusCodes.Status403Forbidden, "tenant_mismatch", "The request names another tenant than its API key's.");
    }
}
