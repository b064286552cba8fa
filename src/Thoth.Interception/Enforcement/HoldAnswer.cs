namespace Thoth.Interception;

/// <summary>What an enforcer says about a held call: still pending, or resolved with a final decision (contract §3.3).</summary>
public readonly record struct HoldAnswer
{
    private HoldAnswer(EnforcementDecision? resolution, TimeSpan? retryAfter, EnforcementDecision? ifLost = null)
    {
        Resolution = resolution;
        RetryAfter = retryAfter;
        IfLost = ifLost;
    }

    /// <summary>The final decision, or <see langword="null"/> while the call is pending.</summary>
    public EnforcementDecision? Resolution { get; }

    /// <summary>The least time to wait before asking again, where the enforcer named one.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The enforcer does not know the hold. That may pass; this is the decision where it does not.</summary>
    internal EnforcementDecision? IfLost { get; }

    /// <summary>Nobody has decided yet.</summary>
    /// <param name="retryAfter">The least time to wait before asking again.</param>
    /// <returns>A pending answer.</returns>
    public static HoldAnswer Pending(TimeSpan? retryAfter = null) => new(null, retryAfter);

    /// <summary>The hold is over.</summary>
    /// <param name="decision">The final decision. <see cref="DecisionType.StepUp"/> is no resolution and will block the call.</param>
    /// <returns>A final answer.</returns>
    public static HoldAnswer Resolved(EnforcementDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return new(decision, null);
    }

    /// <summary>The enforcer does not know the hold; asked several times, it will (contract §3.3) or the call ends.</summary>
    internal static HoldAnswer NotFound(EnforcementDecision ifLost) => new(null, null, ifLost);
}
