namespace Thoth.Interception;

/// <summary>
/// The state of a held call, as an <see cref="IHoldEnforcer"/> reports it: pending, resolved, or not found (contract §3.3).
/// The default value is pending.
/// </summary>
/// <example>
/// <code>
/// return approval switch
/// {
///     null => HoldStatus.NotFound(),
///     { IsOpen: true } => HoldStatus.Pending(retryAfter: TimeSpan.FromSeconds(30)),
///     { IsApproved: true } => HoldStatus.Resolved(new() { Type = DecisionType.Allow }),
///     _ => HoldStatus.Resolved(new() { Type = DecisionType.Block, Reason = "The approver denied the call." }),
/// };
/// </code>
/// </example>
public readonly record struct HoldStatus
{
    private const string UnknownHold = "the enforcer does not know the held call";

    private HoldStatus(EnforcementDecision? resolution, TimeSpan? retryAfter, string? notFoundReason, bool isPeeked = false)
    {
        IsPeeked = isPeeked;
        Resolution = resolution;
        RetryAfter = retryAfter;
        NotFoundReason = notFoundReason;
    }

    /// <summary>Gets the final decision; <see langword="null"/> if the call is pending or the hold was not found.</summary>
    public EnforcementDecision? Resolution { get; }

    /// <summary>Gets the shortest time to wait before the next poll; <see langword="null"/> if the enforcer does not ask for one.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Gets whether the call still waits for a decision.</summary>
    public bool IsPending => Resolution is null && NotFoundReason is null;

    /// <summary>Gets whether the enforcer does not know the hold.</summary>
    public bool IsNotFound => NotFoundReason is not null;

    /// <summary>Gets whether the decision was only shown: the enforcer will still deliver it to the call that is resumed.</summary>
    public bool IsPeeked { get; }

    /// <summary>The reason of the refusal if the hold stays unknown.</summary>
    internal string? NotFoundReason { get; }

    /// <summary>Reports that the call still waits for a decision.</summary>
    /// <param name="retryAfter">
    /// The shortest time to wait before the next poll. The longer of it and <see cref="StepUpOptions.PollInterval"/> counts;
    /// <see langword="null"/> and values that are not positive leave the interval as it is.
    /// </param>
    /// <returns>A pending status.</returns>
    public static HoldStatus Pending(TimeSpan? retryAfter = null) => new(null, retryAfter, null);

    /// <summary>Reports that the hold is over.</summary>
    /// <param name="decision">
    /// The final decision. <see cref="DecisionType.StepUp"/> does not resolve a hold: the call is then blocked with
    /// <see cref="SdkReasonCodes.StepUpInvalidResolution"/>.
    /// </param>
    /// <returns>A resolved status.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="decision"/> is <see langword="null"/>.</exception>
    public static HoldStatus Resolved(EnforcementDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return new(decision, null, null);
    }

    /// <summary>
    /// Reports, to <see cref="IHoldEnforcer.PeekHoldAsync"/>, how the hold was decided, without delivering the decision.
    /// </summary>
    /// <param name="decision">The final decision.</param>
    /// <returns>A resolved status that is not used up.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="decision"/> is <see langword="null"/>.</exception>
    public static HoldStatus Peeked(EnforcementDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return new(decision, null, null, isPeeked: true);
    }

    /// <summary>
    /// Reports that the enforcer does not know the hold. The call stays held at first; the third report in a row blocks it with
    /// <see cref="SdkReasonCodes.StepUpPollRejected"/>.
    /// </summary>
    /// <param name="reason">
    /// The reason of that refusal. It may be shown to a model, so it must not contain argument values or secrets. The default is
    /// a fixed text.
    /// </param>
    /// <returns>A status for an unknown hold.</returns>
    public static HoldStatus NotFound(string? reason = null) => new(null, null, reason ?? UnknownHold);
}
