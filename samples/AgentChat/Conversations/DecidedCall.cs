using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace AgentChat.Conversations;

/// <param name="Newest">The newest event of the call: it is held, it ended, or it was refused.</param>
internal sealed record DecidedCall(BehavioralEvent Newest)
{
    public string Rules => Newest.Decision is { MatchedRuleIds: [_, ..] rules } ? string.Join(", ", rules) : "";

    public string Reason => Newest.Decision?.Reason ?? "";

    /// <summary>Gets the arguments that a MODIFY decision made the tool run with, as JSON.</summary>
    public string? ChangedArguments => Newest.Decision is { Type: DecisionType.Modify, ModifiedToolArgs: { } changed } ? changed.GetRawText() : null;

    public string? Approver => Newest.Decision?.Evidence.TerminalReceipt is { } receipt && receipt.TryGetProperty("approver", out var approver)
        ? approver.GetString()
        : null;

    /// <summary>Gets the decision for people, and the class of its color.</summary>
    public (string Text, string Color) Verdict => Newest switch
    {
        { Phase: EventPhase.Pre } => ("Deciding", "defer"),
        { Phase: EventPhase.Held } => ("Waits", "step_up"),
        { Decision.SdkReasonCode: SdkReasonCodes.StepUpTimeout } => ("Expired", "block"),
        { Decision.DecisionReasonCode: LocalPolicyReasonCodes.StepUpApproved } => ("Approved", "allow"),
        { Decision.DecisionReasonCode: LocalPolicyReasonCodes.StepUpDenied } => ("Denied", "block"),
        { Decision.Type: DecisionType.Modify } => ("Changed", "modify"),
        { Decision.Type: DecisionType.Defer } => ("Deferred", "defer"),
        { Decision.Type: DecisionType.Allow } => ("Allowed", "allow"),
        _ => ("Blocked", "block"),
    };
}
