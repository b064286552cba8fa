namespace Thoth.Interception.LocalPolicy;

/// <summary>
/// Lists the values of <see cref="EnforcementDecision.DecisionReasonCode"/> that the embedded enforcer sets itself. A rule that
/// decides sets its own <c>code</c>, or its id if it has none.
/// </summary>
public static class LocalPolicyReasonCodes
{
    /// <summary>No rule matched the call, so it is blocked.</summary>
    public const string NoMatchingRule = "no_matching_rule";

    /// <summary>The approved scope does not contain the tool.</summary>
    public const string OutsideApprovedScope = "outside_approved_scope";

    /// <summary>A rule needs the arguments, and they are not a JSON object with unique names and at most 64 levels.</summary>
    public const string ArgumentsUnreadable = "arguments_unreadable";

    /// <summary>A MODIFY rule's condition cannot be evaluated for the type of a value, so the call is blocked.</summary>
    public const string ConditionNotEvaluable = "condition_not_evaluable";

    /// <summary>
    /// The changes of a MODIFY rule do not fit the arguments, such as a member inside a text, or the SDK that sent the call would not
    /// apply them; the call is blocked.
    /// </summary>
    public const string ModifyNotApplicable = SdkReasonCodes.ModifyNotApplicable;

    /// <summary>The approver approved the held call.</summary>
    public const string StepUpApproved = "step_up_approved";

    /// <summary>The approver denied the held call.</summary>
    public const string StepUpDenied = "step_up_denied";

    /// <summary>This process does not know the hold token: it never issued it, the hold has expired, or its result was delivered.</summary>
    public const string UnknownHold = "unknown_hold";

    /// <summary><see cref="LocalPolicyOptions.MaxHolds"/> calls are held already; this one is blocked.</summary>
    public const string TooManyHolds = "too_many_holds";
}
