namespace Thoth.Conformance.Servers;

/// <summary>A held call that an approver resolves.</summary>
/// <param name="Resolution">ALLOW to approve the call, BLOCK to deny it.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Session">The session of the call, which has no other held call.</param>
internal sealed record HoldToResolve(string Resolution, string Tool, string Session);
