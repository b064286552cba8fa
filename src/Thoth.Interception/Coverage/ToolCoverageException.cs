namespace Thoth.Interception;

/// <summary>
/// The coverage check found ways to reach governed tools ungoverned, and the application does not start. It is a mistake in
/// the registrations, not the refusal of a call, and no <see cref="ThothException"/>.
/// </summary>
public sealed class ToolCoverageException : InvalidOperationException
{
    internal ToolCoverageException(IReadOnlyList<CoverageFinding> findings)
        : base(MessageOf(findings)) => Findings = findings;

    /// <summary>What was found, without what is allowed; at least one.</summary>
    public IReadOnlyList<CoverageFinding> Findings { get; }

    private static string MessageOf(IReadOnlyList<CoverageFinding> findings) =>
        $"Governed tools can be reached ungoverned in {findings.Count} {(findings.Count == 1 ? "way" : "ways")}, so nothing was started:\n"
            + string.Join('\n', findings.Select((finding, index) => $"{index + 1}. {finding.Message}"));
}
