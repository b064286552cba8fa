namespace Thoth.Interception;

/// <summary>
/// The exception that is thrown when the coverage check found ways to reach governed tools ungoverned, so that the application
/// does not start.
/// </summary>
/// <remarks>It reports a mistake in the registrations, not the refusal of a call, so it is not a <see cref="ThothException"/>.</remarks>
public sealed class ToolCoverageException : InvalidOperationException
{
    /// <summary>Creates the exception. Its message has one numbered line for each finding.</summary>
    /// <param name="findings">The findings that are not allowed; at least one.</param>
    /// <exception cref="ArgumentNullException"><paramref name="findings"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="findings"/> is empty.</exception>
    public ToolCoverageException(IReadOnlyList<CoverageFinding> findings)
        : base(MessageOf(findings)) => Findings = findings;

    /// <summary>Gets the findings that are not allowed; at least one.</summary>
    public IReadOnlyList<CoverageFinding> Findings { get; }

    private static string MessageOf(IReadOnlyList<CoverageFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentOutOfRangeException.ThrowIfZero(findings.Count, nameof(findings));
        return $"Governed tools can be reached ungoverned in {findings.Count} {(findings.Count == 1 ? "way" : "ways")}, so nothing was started:\n"
            + string.Join('\n', findings.Select((finding, index) => $"{index + 1}. {finding.Message}"));
    }
}
