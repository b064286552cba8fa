using Thoth.Interception;

namespace Thoth.Enforcer.Holds;

/// <summary>A held call on record: all that its approver is shown, and what was answered. Its token is kept as a hash only.</summary>
internal sealed record HoldRow
{
    /// <summary>The place in the order of holds; 0 before it is stored.</summary>
    public long Seq { get; init; }

    /// <summary>Names the hold on the page. No secret: it answers nothing to who polls.</summary>
    public required string Id { get; init; }

    /// <summary>The SHA-256 of the token that its caller polls with.</summary>
    public required byte[] TokenHash { get; init; }

    public required string Tenant { get; init; }

    public HoldState State { get; init; }

    public required string Tool { get; init; }

    /// <summary>All arguments, as JSON; sensitive ones included.</summary>
    public required string Arguments { get; init; }

    /// <summary>What runs once approved, where MODIFY rules change the arguments.</summary>
    public string? ArgumentsToRun { get; init; }

    /// <summary>The SHA-256 of tool, arguments and arguments to run: an approval names it, so that it approves what was shown.</summary>
    public required string ArgumentsHash { get; init; }

    public required string Session { get; init; }

    public required string Agent { get; init; }

    public required string User { get; init; }

    public required string Environment { get; init; }

    public string? Intent { get; init; }

    public string? Purpose { get; init; }

    /// <summary>The tools that the session called before, oldest first.</summary>
    public required IReadOnlyList<string> History { get; init; }

    /// <summary>The decision that held the call, as it was answered, without the token.</summary>
    public required EnforcementDecision Verdict { get; init; }

    public required string DecisionId { get; init; }

    /// <summary>The call's attestation id, where its SDK sends one.</summary>
    public string? Action { get; init; }

    /// <summary>The call's trace id, where its SDK sends one.</summary>
    public string? Trace { get; init; }

    public required DateTimeOffset HeldAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? Approver { get; init; }

    /// <summary>The approver's words.</summary>
    public string? Answer { get; init; }

    /// <summary>When the caller collected the approval.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>The state at a time: one that nobody decided about expires by itself.</summary>
    public HoldState StateAt(DateTimeOffset now) => State == HoldState.Pending && now >= ExpiresAt ? HoldState.Expired : State;
}
