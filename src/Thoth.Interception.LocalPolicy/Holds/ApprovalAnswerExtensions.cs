using Thoth.Interception.LocalPolicy.Holds;

namespace Thoth.Interception.LocalPolicy;

/// <summary>Applies an approver's answer to a verdict of a policy.</summary>
public static class ApprovalAnswerExtensions
{
    /// <summary>Computes the final decision about a held call.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="verdict">The verdict that held the call.</param>
    /// <param name="decidedAt">The time of this answer.</param>
    /// <returns>
    /// The decision, with a <see cref="EnforcementEvidence.TerminalReceipt"/>: ALLOW or MODIFY after an approval, BLOCK after a
    /// denial.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="answer"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// The decision of <paramref name="verdict"/> is not <see cref="DecisionType.StepUp"/>: only a held call can be approved.
    /// </exception>
    public static EnforcementDecision Resolve(this ApprovalAnswer answer, PolicyVerdict verdict, DateTimeOffset decidedAt)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (verdict.Decision?.Type != DecisionType.StepUp)
        {
            throw new ArgumentException("The verdict does not hold the call. Resolve only verdicts whose decision is StepUp.", nameof(verdict));
        }

        return HoldOutcome.FromAnswer(answer, HoldOutcome.Approved(verdict), decidedAt);
    }
}
