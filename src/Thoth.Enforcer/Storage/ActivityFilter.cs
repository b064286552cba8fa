namespace Thoth.Enforcer.Storage;

/// <summary>Which decisions or events to look at; what is <see langword="null"/> does not narrow.</summary>
internal sealed record ActivityFilter
{
    public string? Tenant { get; init; }

    public string? Tool { get; init; }

    /// <summary>ALLOW, BLOCK, STEP_UP, MODIFY or DEFER.</summary>
    public string? Decision { get; init; }

    public string? Session { get; init; }

    /// <summary>Only what came before this place in the order: the last one of a page of rows.</summary>
    public long? Before { get; init; }

    /// <summary>The most rows. 1 to 1,000.</summary>
    public int Limit { get; init; } = 100;
}
