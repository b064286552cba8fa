namespace Thoth.Interception.LocalPolicy.Holds;

/// <summary>Creates the final decisions of held calls.</summary>
internal static class HoldOutcome
{
    public static EnforcementDecision Unknown() => Refusal(
        LocalPolicyReasonCodes.UnknownHold, "The call is not held, or its approval was already used.");

    public static EnforcementDecision Mismatch() => Refusal(
        SdkReasonCodes.ActionAttestationIdMismatch, "The approval belongs to another call.");

    public static EnforcementDecision Expired() => Refusal(
        SdkReasonCodes.StepUpTimeout, "step-up auth timeout — no approver response");

    /// <summary>Creates the decision of an approval: ALLOW, or MODIFY if <c>modify</c> rules matched too.</summary>
    public static EnforcementDecision Approved(in PolicyVerdict verdict) => verdict.Decision with
    {
        Type = verdict.ModifiedArguments is null ? DecisionType.Allow : DecisionType.Modify,
        DecisionReasonCode = LocalPolicyReasonCodes.StepUpApproved,
        ModifiedToolArgs = verdict.ModifiedArguments,
        StepUpTimeout = null,
    };

    public static EnforcementDecision FromAnswer(ApprovalAnswer answer, EnforcementDecision approved, DateTimeOffset decidedAt)
    {
        var evidence = approved.Evidence with { TerminalReceipt = ApprovalReceipt.Write(answer, decidedAt) };
        if (answer.IsApproved)
        {
            return approved with { Reason = answer.Reason ?? approved.Reason, Evidence = evidence };
        }

        return approved with
        {
            Type = DecisionType.Block,
            DecisionReasonCode = LocalPolicyReasonCodes.StepUpDenied,
            Reason = string.IsNullOrWhiteSpace(answer.Reason) ? "The approver denied the call." : answer.Reason,
            ModifiedToolArgs = null,
            ModificationReason = null,
            Evidence = evidence,
        };
    }

    private static EnforcementDecision Refusal(string code, string reason) => new()
    {
        Type = DecisionType.Block,
        SdkReasonCode = code,
        DecisionReasonCode = code,
        Reason = reason,
    };
}
