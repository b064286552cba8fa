namespace Thoth.Conformance;

/// <summary>How a case ended.</summary>
internal enum CaseOutcome
{
    Passed,
    Failed,
    Skipped,
}
