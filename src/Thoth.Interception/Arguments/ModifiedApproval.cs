namespace Thoth.Interception.Arguments;

/// <summary>Holds what the arguments must still say when the tool starts, after a MODIFY decision replaced some.</summary>
/// <param name="Json">The JSON; null for each argument that the decision replaced.</param>
/// <param name="Replaced">Which parameters the decision replaced, by position.</param>
internal sealed record ModifiedApproval(ReadOnlyMemory<byte> Json, bool[] Replaced);
