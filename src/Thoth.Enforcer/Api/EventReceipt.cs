namespace Thoth.Enforcer.Api;

/// <summary>What became of a batch.</summary>
/// <param name="Accepted">How many events were new.</param>
/// <param name="Duplicates">How many had been delivered before.</param>
internal sealed record EventReceipt(int Accepted, int Duplicates);
