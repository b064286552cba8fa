namespace Thoth.Interception;

/// <summary>Represents one way to reach a governed tool ungoverned.</summary>
public sealed record CoverageFinding
{
    /// <summary>Gets how the tool can be reached.</summary>
    public required CoverageFindingKind Kind { get; init; }

    /// <summary>Gets the governed interface.</summary>
    public required Type Interface { get; init; }

    /// <summary>Gets the service that gives the tool; for a constructor, the service whose class takes the parameter.</summary>
    public required Type ServiceType { get; init; }

    /// <summary>Gets the service's key, or <see langword="null"/> if it has none.</summary>
    public object? ServiceKey { get; init; }

    /// <summary>Gets one sentence with the finding and the line to add.</summary>
    public required string Message { get; init; }

    /// <summary>Gets the reason given to <see cref="GovernedToolsOptions.AllowUngoverned"/>, or <see langword="null"/> if it is not allowed.</summary>
    public string? AllowedReason { get; init; }
}
