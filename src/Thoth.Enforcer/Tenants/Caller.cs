using Microsoft.AspNetCore.Http.Features;
using Thoth.Enforcer.Errors;

namespace Thoth.Enforcer.Tenants;

/// <summary>The authenticated sender of a request.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="IsKnown">Whether a key proves the tenant. Without keys there is one tenant, under any name.</param>
/// <param name="OnlyNamed">Without keys: the only tenant name that requests may contain, or <see langword="null"/> for any.</param>
internal sealed record Caller(string Tenant, bool IsKnown, string? OnlyNamed)
{
    public static Caller Of(HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    /// <summary>Gets the tenant of a request or event.</summary>
    /// <param name="named">The tenant that its body names.</param>
    /// <exception cref="ApiException">The body names another tenant.</exception>
    public string TenantFor(string? named)
    {
        var allowed = IsKnown ? Tenant : OnlyNamed;
        return allowed is null || string.IsNullOrWhiteSpace(named) || string.Equals(named, allowed, StringComparison.Ordinal)
            ? Tenant
            : throw new ApiException(StatusCodes.Status403Forbidden, "tenant_mismatch", "The request names a tenant that is not its API key's.");
    }
}
