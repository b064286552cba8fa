namespace Thoth.Interception;

/// <summary>
/// What becomes of a way to reach a governed tool ungoverned, which the coverage check finds at host start or, without a
/// host, when the first governed service is resolved.
/// </summary>
public enum ToolCoverage
{
    /// <summary>The application does not start: <see cref="ToolCoverageException"/> lists what was found.</summary>
    Throw = 0,

    /// <summary>Each finding is logged once at Warning, and the application starts.</summary>
    Warn,

    /// <summary>Nothing is looked for.</summary>
    Off,
}
