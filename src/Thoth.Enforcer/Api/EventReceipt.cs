namespace Thoth.Enforcer.Api;

/// <summary>The result of a batch.</summary>
/// <param name="Accepted">The number of new events.</param>
/// <param name="Duplicates">The number of events that were delivered before.</param>
internal sealed record EventReceipt(int Accepted, int Duplicates);
