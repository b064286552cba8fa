using Thoth.Interception.Interception;

namespace Thoth.Interception.Coverage;

/// <summary>What one run of the coverage check saw.</summary>
/// <param name="Registrations">The governed registrations that are still in the collection.</param>
/// <param name="Findings">What is not allowed.</param>
/// <param name="Allowed">What is allowed, with the reasons.</param>
/// <param name="CoverageOf">What is done about findings of an interface.</param>
internal sealed record CoverageReport(
    IReadOnlyList<GovernedRegistration> Registrations,
    IReadOnlyList<CoverageFinding> Findings,
    IReadOnlyList<CoverageFinding> Allowed,
    Func<Type, ToolCoverage> CoverageOf);
