namespace Thoth.Enforcer.Api;

/// <summary>The server's state.</summary>
/// <param name="Status"><c>ok</c>.</param>
/// <param name="PolicyId">The id of the loaded policy.</param>
/// <param name="PolicyVersion">Its version.</param>
/// <param name="Rules">The number of its rules.</param>
internal sealed record Health(string Status, string? PolicyId, string? PolicyVersion, int Rules);
