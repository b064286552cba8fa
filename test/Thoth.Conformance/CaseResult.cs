namespace Thoth.Conformance;

/// <summary>The result of one case.</summary>
/// <param name="Id">The case's id.</param>
/// <param name="Section">The section of the contract, or the kind of a vector.</param>
/// <param name="Title">The case in one line.</param>
/// <param name="Outcome">How the case ended.</param>
/// <param name="Details">What was expected and seen, or why the case was skipped; empty for a case that passed.</param>
internal sealed record CaseResult(string Id, string Section, string Title, CaseOutcome Outcome, IReadOnlyList<string> Details)
{
    public static CaseResult Of(string id, string section, string title, IReadOnlyList<string> mismatches) =>
        new(id, section, title, mismatches.Count == 0 ? CaseOutcome.Passed : CaseOutcome.Failed, mismatches);
}
