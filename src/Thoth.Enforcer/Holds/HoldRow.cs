namespace Thoth.Enforcer.Holds;

/// <summary>A recorded held call: everything that its approver sees, and the answer. Of its token only the hash is stored.</summary>
internal sealed record HoldRow
{
    /// <summary>How long a caller may pause between two polls. SDKs poll every 5 seconds by default.</summary>
    public static readonly TimeSpan CallerGoneAfter = TimeSpan.FromSeconds(30);

    /// <summary>How long a delivered approval can be polled again, in case the response was lost.</summary>
    public static readonly TimeSpan DeliveredAgainFor = TimeSpan.FromSeconds(30);

    /// <summary>A poll is recorded if the last recorded one is as old: frequent polls do not become as many writes.</summary>
    public static readonly TimeSpan PollGranularity = TimeSpan.FromSeconds(3);

    /// <summary>The place in the order of holds; 0 before it is stored.</summary>
    public long Seq { get; init; }

    /// <summary>The id of the hold on the page. It is not a secret: a caller cannot poll with it.</summary>
    public required string Id { get; init; }

    /// <summary>The SHA-256 of the token that its caller polls with.</summary>
    public required byte[] TokenHash { get; init; }

    public required string Tenant { get; init; }

    public HoldState State { get; init; }

    public required string Tool { get; init; }

    /// <summary>All arguments as JSON, including sensitive ones.</summary>
    public required string Arguments { get; init; }

    /// <summary>The arguments to run with after an approval, if MODIFY rules change them.</summary>
    public string? ArgumentsToRun { get; init; }

    /// <summary>The SHA-256 of tool, arguments and arguments to run: an approval names it, so that it applies to the arguments that were shown.</summary>
    public required string ArgumentsHash { get; init; }

    public required string Session { get; init; }

    public required string Agent { get; init; }

    public required string User { get; init; }

    public required string Environment { get; init; }

    public string? Intent { get; init; }

    public string? Purpose { get; init; }

    /// <summary>The tools that the session called earlier, oldest first.</summary>
    public required IReadOnlyList<string> History { get; init; }

    /// <summary>The decision that held the call, as it was sent, without the token.</summary>
    public required EnforcementDecision Verdict { get; init; }

    /// <summary>The call as it was received, without its arguments; <see langword="null"/> if an older version stored the hold.</summary>
    public string? Request { get; init; }

    public required string DecisionId { get; init; }

    /// <summary>The call's attestation id, if its SDK sends one.</summary>
    public string? Action { get; init; }

    /// <summary>The call's trace id, if its SDK sends one.</summary>
    public string? Trace { get; init; }

    public required DateTimeOffset HeldAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string? Approver { get; init; }

    /// <summary>The approver's reason.</summary>
    public string? Answer { get; init; }

    /// <summary>When the approval was first sent to the caller. The response may have been lost.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>The decision that refused the call although it was approved. Its violation id is that of the recorded decision.</summary>
    public EnforcementDecision? Refusal { get; init; }

    /// <summary>When the tool ran, by an event of the call.</summary>
    public DateTimeOffset? RanAt { get; init; }

    /// <summary>Whether a part of the stored row could not be read. Such a call cannot be approved.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>When the caller last polled, to within <see cref="PollGranularity"/>; <see langword="null"/> if it has not polled.</summary>
    public DateTimeOffset? LastPolledAt { get; init; }

    /// <summary>Gets the state at a time: a pending hold expires, and loses its caller, without a write.</summary>
    public HoldState StateAt(DateTimeOffset now) => State != HoldState.Pending ? State
        : now >= ExpiresAt ? HoldState.Expired
        : CallerIsGone(now) ? HoldState.CallerGone
        : HoldState.Pending;

    /// <summary>Whether the caller polled and then stopped. A caller that has never polled may come later (<c>StepUpMode.Throw</c>).</summary>
    public bool CallerIsGone(DateTimeOffset now) => LastPolledAt is { } last && now - last >= CallerGoneAfter;
}
