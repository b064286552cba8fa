using Thoth.Enforcer.Health;
using Thoth.Interception.LocalPolicy;

namespace Thoth.Enforcer.Api;

/// <summary>The server's state.</summary>
/// <param name="Status"><c>ok</c> or <c>degraded</c>.</param>
/// <param name="Problems">What is wrong; left out if nothing is.</param>
/// <param name="PolicyId">The id of the loaded policy.</param>
/// <param name="PolicyVersion">Its version.</param>
/// <param name="Rules">The number of its rules.</param>
internal sealed record HealthResponse(string Status, IReadOnlyList<string>? Problems, string? PolicyId, string? PolicyVersion, int Rules)
{
    public static HealthResponse Of(LoadedPolicy policy, IReadOnlyList<HealthProblem> problems) => new(
        problems.Count == 0 ? "ok" : "degraded",
        problems.Count == 0 ? null : [.. problems.Select(static problem => problem.Summary)],
        policy.Id,
        policy.Version,
        policy.Rules.Count);
}
