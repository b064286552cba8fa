namespace Thoth.Enforcer.Storage;

/// <summary>A recorded decision. It has no arguments: only a held call stores them.</summary>
internal sealed record DecisionRow
{
    /// <summary>The place in the order of decisions; 0 before it is stored.</summary>
    public long Seq { get; init; }

    public required string Id { get; init; }

    public required string Tenant { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Tool { get; init; }

    public required string Session { get; init; }

    public required string Agent { get; init; }

    public required string User { get; init; }

    public required string Environment { get; init; }

    /// <summary>The enforcement mode in its wire spelling.</summary>
    public required string Mode { get; init; }

    /// <summary>ALLOW, BLOCK, STEP_UP, MODIFY or DEFER.</summary>
    public required string Decision { get; init; }

    public string? Code { get; init; }

    public string? Reason { get; init; }

    public required IReadOnlyList<string> Rules { get; init; }

    public double? Risk { get; init; }

    public double LatencyMs { get; init; }

    /// <summary>The call's attestation id, if its SDK sends one.</summary>
    public string? Action { get; init; }

    /// <summary>The id of the hold that the decision opened.</summary>
    public string? Hold { get; init; }

    /// <summary>Whether a part of the stored row could not be read. That part has a default.</summary>
    public bool IsUnreadable { get; init; }
}
