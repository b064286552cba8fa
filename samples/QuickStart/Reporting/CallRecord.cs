using Thoth.Interception;
using Thoth.Interception.LocalPolicy;

namespace QuickStart;

/// <summary>Represents one call: the event that ended it, and the text that the agent got.</summary>
/// <param name="End">The event that ended the call: it completed, failed or was refused.</param>
/// <param name="Result">The text that the agent got.</param>
internal sealed record CallRecord(BehavioralEvent End, string Result)
{
    public string Tool => End.ToolName;

    public string Rule => End.Decision is { MatchedRuleIds: [_, ..] rules } ? string.Join(", ", rules) : "no rule";

    /// <summary>Gets the policy's decision; for a held call also how the hold ended.</summary>
    public string Verdict => End.Decision switch
    {
        { DecisionReasonCode: LocalPolicyReasonCodes.StepUpApproved } => "STEP_UP approved",
        { DecisionReasonCode: LocalPolicyReasonCodes.StepUpDenied } => "STEP_UP denied",
        { SdkReasonCode: SdkReasonCodes.StepUpTimeout } => "STEP_UP timed out",
        { Type: DecisionType.Allow } => "ALLOW",
        { Type: DecisionType.Modify } => "MODIFY",
        { Type: DecisionType.Defer } => "DEFER",
        { Type: DecisionType.Block } => "BLOCK",
        _ => "undecided",
    };

    public string WhatHappened => End.Phase switch
    {
        EventPhase.Post => $"{Approval}{Result}",
        EventPhase.Block => $"Not run. {Approval}{End.Decision?.Reason}{RetryHint}",
        _ => $"{Approval}The tool ran and threw: {Result}",
    };

    private string Approval => End.Decision?.Evidence.TerminalReceipt is { } receipt && receipt.TryGetProperty("approver", out var approver)
        ? $"{(End.Phase == EventPhase.Block ? "Denied" : "Approved")} by {approver}: "
        : "";

    private string RetryHint => End.Decision?.DeferTimeout is { } timeout ? $" Try again in {timeout.TotalSeconds} s." : "";

    /// <summary>
    /// Joins the events with the agent's transcript. The agent makes one call after the other, so both are in the order of the
    /// calls.
    /// </summary>
    public static IReadOnlyList<CallRecord> Join(IReadOnlyList<BehavioralEvent> events, IReadOnlyList<Turn> transcript) =>
        [.. events.Where(EndsACall).Zip(transcript, (end, turn) => new CallRecord(end, turn.Result))];

    private static bool EndsACall(BehavioralEvent e) => e.Type is BehavioralEventType.ToolCallPost or BehavioralEventType.ToolCallBlock;
}
