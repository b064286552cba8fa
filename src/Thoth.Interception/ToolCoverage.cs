namespace Thoth.Interception;

/// <summary>
/// Specifies how the coverage check reports a way to reach a governed tool ungoverned. The check runs when the host starts or,
/// without a host, when the first governed service is resolved.
/// </summary>
public enum ToolCoverage
{
    /// <summary>The application does not start: <see cref="ToolCoverageException"/> lists the findings. The default.</summary>
    Throw = 0,

    /// <summary>Each finding is logged once at Warning, and the application starts.</summary>
    Warn,

    /// <summary>The check does not look for ways around the interface.</summary>
    Off,
}
