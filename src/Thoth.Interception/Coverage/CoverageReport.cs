using Thoth.Interception.Interception;

namespace Thoth.Interception.Coverage;

/// <summary>Represents the result of one run of the coverage check.</summary>
/// <param name="Registrations">The governed registrations that are still in the collection.</param>
/// <param name="Findings">The findings that are not allowed.</param>
/// <param name="Allowed">The findings that are allowed, with the reasons.</param>
/// <param name="CoverageOf">Gets how the findings of an interface are reported.</param>
internal sealed record CoverageReport(
    IReadOnlyList<GovernedRegistration> Registrations,
    IReadOnlyList<CoverageFinding> Findings,
    IReadOnlyList<CoverageFinding> Allowed,
    Func<Type, ToolCoverage> CoverageOf);
