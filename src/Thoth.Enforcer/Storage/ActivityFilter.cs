namespace Thoth.Enforcer.Storage;

/// <summary>Selects decisions or events. A property that is <see langword="null"/> does not filter.</summary>
internal sealed record ActivityFilter
{
    public string? Tenant { get; init; }

    public string? Tool { get; init; }

    /// <summary>ALLOW, BLOCK, STEP_UP, MODIFY or DEFER.</summary>
    public string? Decision { get; init; }

    public string? Session { get; init; }

    /// <summary>Only rows before this sequence number: the last one of the page before.</summary>
    public long? Before { get; init; }

    /// <summary>The largest number of rows. 1 to 1,000.</summary>
    public int Limit { get; init; } = 100;
}
