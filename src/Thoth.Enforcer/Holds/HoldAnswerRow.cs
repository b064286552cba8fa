namespace Thoth.Enforcer.Holds;

/// <summary>An approver's answer to a held call.</summary>
internal sealed record HoldAnswerRow
{
    public required string Id { get; init; }

    /// <summary>The hash of the call as the approver saw it.</summary>
    public required string ArgumentsHash { get; init; }

    /// <summary><see cref="HoldState.Approved"/> or <see cref="HoldState.Denied"/>.</summary>
    public required HoldState State { get; init; }

    public required string Approver { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset At { get; init; }
}
