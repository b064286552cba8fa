namespace Thoth.Interception.LocalPolicy;

/// <summary>An approver's answer about a held call.</summary>
public sealed record ApprovalAnswer
{
    private ApprovalAnswer(bool isApproved, string approver, string? reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(approver);
        IsApproved = isApproved;
        Approver = approver;
        Reason = reason;
    }

    /// <summary>Whether the call may run.</summary>
    public bool IsApproved { get; }

    /// <summary>Who decided; kept in the decision's <see cref="EnforcementEvidence.TerminalReceipt"/>.</summary>
    public string Approver { get; }

    /// <summary>Why, in words. It may reach a model, so it must hold no argument and no secret.</summary>
    public string? Reason { get; }

    /// <summary>Lets the call run.</summary>
    /// <param name="approver">Who decided; not blank.</param>
    /// <param name="reason">Why.</param>
    /// <returns>An approval.</returns>
    /// <exception cref="ArgumentException"><paramref name="approver"/> is blank.</exception>
    public static ApprovalAnswer Approve(string approver, string? reason = null) => new(true, approver, reason);

    /// <summary>Refuses the call.</summary>
    /// <param name="approver">Who decided; not blank.</param>
    /// <param name="reason">Why; the reason of the exception that the caller of the tool gets.</param>
    /// <returns>A denial.</returns>
    /// <exception cref="ArgumentException"><paramref name="approver"/> is blank.</exception>
    public static ApprovalAnswer Deny(string approver, string? reason = null) => new(false, approver, reason);
}
