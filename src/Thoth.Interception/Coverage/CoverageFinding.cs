namespace Thoth.Interception;

/// <summary>One way to reach a governed tool ungoverned.</summary>
public sealed record CoverageFinding
{
    /// <summary>What kind of way it is.</summary>
    public required CoverageFindingKind Kind { get; init; }

    /// <summary>The governed interface.</summary>
    public required Type Interface { get; init; }

    /// <summary>The type of the service by which it can be reached; for a constructor, the service whose class takes the parameter.</summary>
    public required Type ServiceType { get; init; }

    /// <summary>The service's key, or <see langword="null"/> where it has none.</summary>
    public object? ServiceKey { get; init; }

    /// <summary>What was found and the line to add, in one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Why it is allowed, from <see cref="GovernedToolsOptions.AllowUngoverned"/>; <see langword="null"/> where it is not.</summary>
    public string? AllowedReason { get; init; }
}
