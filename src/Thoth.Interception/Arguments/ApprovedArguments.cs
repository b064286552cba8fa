namespace Thoth.Interception.Arguments;

/// <summary>Holds what the arguments must still say when the tool starts.</summary>
/// <param name="Json">The JSON; null for each argument that the decision replaced.</param>
/// <param name="Replaced">Which parameters the decision replaced, by position; <see langword="null"/> if it replaced none.</param>
internal readonly record struct ApprovedArguments(ReadOnlyMemory<byte> Json, bool[]? Replaced = null);
