namespace Thoth.Interception;

/// <summary>The codes of verdicts that this library makes itself (contract §8).</summary>
public static class SdkReasonCodes
{
    /// <summary>The enforcer could not be reached.</summary>
    public const string EnforcerUnreachable = "enforcer_unreachable";

    /// <summary>The enforcer did not answer in time.</summary>
    public const string EnforcerTimeout = "enforcer_timeout";

    /// <summary>The enforcer answered with an error status.</summary>
    public const string EnforcerHttpError = "enforcer_http_error";

    /// <summary>The enforcer's answer could not be understood, or the enforcer failed with an error of its own.</summary>
    public const string EnforcerInvalidResponse = "enforcer_invalid_response";

    /// <summary>The decision is a word that this library does not know.</summary>
    public const string UnsupportedDecision = "unsupported_decision";

    /// <summary>The answer held two different verdicts; the stricter one won.</summary>
    public const string ConflictingDecisions = "conflicting_decisions";

    /// <summary>The answer belongs to another action.</summary>
    public const string ActionAttestationIdMismatch = "action_attestation_id_mismatch";

    /// <summary>The answer belongs to another trace.</summary>
    public const string EnforcementTraceIdMismatch = "enforcement_trace_id_mismatch";

    /// <summary>The changed arguments cannot be bound to the tool's parameters.</summary>
    public const string ModifyNotApplicable = "modify_not_applicable";

    /// <summary>The arguments cannot be shown to the enforcer completely.</summary>
    public const string ToolArgsNotSerializable = "tool_args_not_serializable";

    /// <summary>The arguments changed after the enforcer saw them.</summary>
    public const string ToolArgsChanged = "tool_args_changed";

    /// <summary>STEP_UP came without a hold token.</summary>
    public const string StepUpHoldTokenMissing = "step_up_hold_token_missing";

    /// <summary>STEP_UP came with a hold token that is no safe path segment.</summary>
    public const string StepUpHoldTokenInvalid = "step_up_hold_token_invalid";

    /// <summary>STEP_UP came from an enforcer that is not an <see cref="IHoldEnforcer"/>.</summary>
    public const string StepUpNotSupported = "step_up_not_supported";

    /// <summary>The time for an approval ended without a decision.</summary>
    public const string StepUpTimeout = "step_up_timeout";

    /// <summary>The hold was resolved without a usable decision.</summary>
    public const string StepUpInvalidResolution = "step_up_invalid_resolution";

    /// <summary>The enforcer refused to tell about the hold.</summary>
    public const string StepUpPollRejected = "step_up_poll_rejected";

    /// <summary>The tool ran without a decision because the enforcer was unavailable and fail-open is on.</summary>
    public const string SdkFailOpen = "sdk_fail_open";

    /// <summary>
    /// The call's events cannot be recorded, and no call may run without: the queue is full and <see cref="EventOptions.WhenFull"/>
    /// is <see cref="EventOverflow.BlockCalls"/>, or what keeps the events failed.
    /// </summary>
    public const string EvidenceNotRecorded = "evidence_not_recorded";

    /// <summary>The session was closed, or the service provider disposed, before the call.</summary>
    public const string SessionClosed = "session_closed";
}
