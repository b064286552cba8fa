namespace Thoth.Interception.LocalPolicy;

/// <summary>
/// The values of <see cref="EnforcementDecision.DecisionReasonCode"/> that the embedded enforcer gives itself. A rule that
/// decides gives its own <c>code</c>, or its id where it has none.
/// </summary>
public static class LocalPolicyReasonCodes
{
    /// <summary>No rule matched the call, so it is blocked.</summary>
    public const string NoMatchingRule = "no_matching_rule";

    /// <summary>The tool is not one of the approved scope.</summary>
    public const string OutsideApprovedScope = "outside_approved_scope";

    /// <summary>A rule looked at the arguments and they are no JSON object with unique names, at most 64 levels deep.</summary>
    public const string ArgumentsUnreadable = "arguments_unreadable";

    /// <summary>A MODIFY rule's condition met a value of a type that it cannot judge; without the change the call is blocked.</summary>
    public const string ConditionNotEvaluable = "condition_not_evaluable";

    /// <summary>The changes of a MODIFY rule do not fit the arguments, such as one inside a text; the call is blocked.</summary>
    public const string ModifyNotApplicable = SdkReasonCodes.ModifyNotApplicable;

    /// <summary>The approver approved the held call.</summary>
    public const string StepUpApproved = "step_up_approved";

    /// <summary>The approver denied the held call.</summary>
    public const string StepUpDenied = "step_up_denied";

    /// <summary>The hold token is none of this process, or its answer was delivered, or its time is over.</summary>
    public const string UnknownHold = "unknown_hold";

    /// <summary>Too many calls wait for an approval; this one is blocked.</summary>
    public const string TooManyHolds = "too_many_holds";
}
