namespace Thoth.Enforcer.Tenants;

/// <summary>Marks an endpoint of the API with the rights that a key needs for it.</summary>
/// <param name="Rights">The rights.</param>
/// <param name="Name">The name of the endpoint's rate limit.</param>
internal sealed record RequiredRights(KeyRights Rights, string Name);
