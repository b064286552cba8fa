namespace Thoth.Enforcer.Tenants;

/// <summary>An API key as the server keeps it: whose it is, and the hash to know it by.</summary>
internal sealed record ApiKey(string Tenant, byte[] Hash, KeyRights Rights);
