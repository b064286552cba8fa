namespace Thoth.Enforcer.Tenants;

/// <summary>An API key as the server stores it: the tenant and the hash.</summary>
internal sealed record ApiKey(string Tenant, byte[] Hash, KeyRights Rights);
