namespace Thoth.Conformance.Servers;

/// <summary>Resolves held calls outside of the contract, which has no endpoint for it.</summary>
/// <param name="Resolve">Resolves the call, or asks a person to.</param>
/// <param name="Patience">How long the hold is polled for the resolution.</param>
internal sealed record HoldApprover(Func<HeldCall, Task> Resolve, TimeSpan Patience);
