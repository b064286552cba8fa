namespace Thoth.Conformance.Clients;

/// <summary>What a request to a <see cref="ContractServer"/> is for.</summary>
internal enum ContractEndpoint
{
    Other,
    Enforce,
    Hold,
    Events,
    Explain,
}
