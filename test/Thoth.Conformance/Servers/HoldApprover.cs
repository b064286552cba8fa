namespace Thoth.Conformance.Servers;

/// <summary>Resolves held calls outside of the contract, which has no endpoint for it.</summary>
/// <param name="Resolve">Resolves the call, or asks a person to.</param>
/// <param name="Patience">How long the hold is polled for the resolution.</param>
/// <param name="PollInterval">How long the runner waits between two polls.</param>
internal sealed record HoldApprover(Func<HoldToResolve, Task> Resolve, TimeSpan Patience, TimeSpan PollInterval);
