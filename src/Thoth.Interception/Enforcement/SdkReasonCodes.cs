namespace Thoth.Interception;

/// <summary>The values of <see cref="EnforcementDecision.SdkReasonCode"/>: why the SDK made or changed a decision (contract §8).</summary>
public static class SdkReasonCodes
{
    /// <summary>The enforcer could not be reached.</summary>
    public const string EnforcerUnreachable = "enforcer_unreachable";

    /// <summary>The enforcer did not respond in time.</summary>
    public const string EnforcerTimeout = "enforcer_timeout";

    /// <summary>The enforcer responded with an error status.</summary>
    public const string EnforcerHttpError = "enforcer_http_error";

    /// <summary>The enforcer's response could not be read, or the enforcer failed with another exception.</summary>
    public const string EnforcerInvalidResponse = "enforcer_invalid_response";

    /// <summary>The type of the decision is missing or unknown.</summary>
    public const string UnsupportedDecision = "unsupported_decision";

    /// <summary>The response had two different verdicts; the stricter one counts.</summary>
    public const string ConflictingDecisions = "conflicting_decisions";

    /// <summary>The decision belongs to another action.</summary>
    public const string ActionAttestationIdMismatch = "action_attestation_id_mismatch";

    /// <summary>The decision belongs to another trace.</summary>
    public const string EnforcementTraceIdMismatch = "enforcement_trace_id_mismatch";

    /// <summary>The arguments of a MODIFY decision cannot be bound to the tool's parameters.</summary>
    public const string ModifyNotApplicable = "modify_not_applicable";

    /// <summary>The arguments cannot be sent to the enforcer completely.</summary>
    public const string ToolArgsNotSerializable = "tool_args_not_serializable";

    /// <summary>The arguments changed after the enforcer approved them.</summary>
    public const string ToolArgsChanged = "tool_args_changed";

    /// <summary>A STEP_UP decision has no hold token.</summary>
    public const string StepUpHoldTokenMissing = "step_up_hold_token_missing";

    /// <summary>A STEP_UP decision has a hold token that cannot be sent.</summary>
    public const string StepUpHoldTokenInvalid = "step_up_hold_token_invalid";

    /// <summary>A STEP_UP decision came from an enforcer that does not implement <see cref="IHoldEnforcer"/>.</summary>
    public const string StepUpNotSupported = "step_up_not_supported";

    /// <summary>The time for an approval ended without a decision.</summary>
    public const string StepUpTimeout = "step_up_timeout";

    /// <summary>The hold was resolved without a usable decision.</summary>
    public const string StepUpInvalidResolution = "step_up_invalid_resolution";

    /// <summary>The enforcer rejected the poll of a held call, or does not know the hold.</summary>
    public const string StepUpPollRejected = "step_up_poll_rejected";

    /// <summary>The approval of a held call was used by another call. An approval is for one run.</summary>
    public const string StepUpApprovalUsed = "step_up_approval_used";

    /// <summary>The session has as many held calls as <see cref="StepUpOptions.MaxHeldCalls"/> permits.</summary>
    public const string TooManyHeldCalls = "too_many_held_calls";

    /// <summary>An equal call of the session was held at the same moment. The caller got that held call, and this one does not run.</summary>
    public const string HeldCallJoined = "held_call_joined";

    /// <summary>The call must be held while its caller goes on, and the <see cref="IHeldCallStore"/> could not store it.</summary>
    public const string HeldCallNotStored = "held_call_not_stored";

    /// <summary>As many threads as <see cref="StepUpOptions.MaxWaitingThreads"/> permits wait for approvals.</summary>
    public const string TooManyWaitingThreads = "too_many_waiting_threads";

    /// <summary>The tool ran without a decision because the enforcer was unavailable and fail-open is on.</summary>
    public const string SdkFailOpen = "sdk_fail_open";

    /// <summary>
    /// The call's events cannot be recorded, and no call may run without: the queue is full and <see cref="EventOptions.FullMode"/>
    /// is <see cref="EventQueueFullMode.BlockCalls"/>, or what keeps the events failed.
    /// </summary>
    public const string EvidenceNotRecorded = "evidence_not_recorded";

    /// <summary>The session was closed, or the service provider disposed, before the call.</summary>
    public const string SessionClosed = "session_closed";

    /// <summary>The call belongs to no session, and <see cref="ThothOptions.RequireSession"/> is set.</summary>
    public const string SessionRequired = "session_required";
}
