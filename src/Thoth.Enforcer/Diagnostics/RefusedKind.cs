namespace Thoth.Enforcer.Diagnostics;

/// <summary>The reason for which requests are refused.</summary>
/// <param name="Status">The status of the response.</param>
/// <param name="Code">The error code of the response.</param>
internal readonly record struct RefusedKind(int Status, string Code);
