namespace Thoth.Interception.StepUp;

/// <summary>Tells the state of held calls.</summary>
internal static class HeldCallStates
{
    /// <summary>Gets the state of a held call; one that is not stored any more has expired.</summary>
    public static HeldCallState Of(HeldCallEntry? entry, DateTimeOffset now) =>
        entry is null || IsOver(entry, now) ? HeldCallState.Expired : entry.State;

    /// <summary>Gets the state that a final decision of the enforcer gives.</summary>
    public static HeldCallState Of(EnforcementDecision resolution) => resolution switch
    {
        { Type: DecisionType.Allow or DecisionType.Modify } => HeldCallState.Approved,
        { SdkReasonCode: SdkReasonCodes.StepUpTimeout or SdkReasonCodes.StepUpPollRejected } => HeldCallState.Expired,
        _ => HeldCallState.Denied,
    };

    /// <summary>Whether the time of a call that did not run is over. Then <see cref="HeldCallWatch"/> records its end.</summary>
    public static bool IsOver(HeldCallEntry entry, DateTimeOffset now) =>
        entry.State is HeldCallState.Pending or HeldCallState.Approved && entry.ExpiresAt <= now;
}
