namespace Thoth.Interception;

/// <summary>Represents an approver's decision about one held call.</summary>
public sealed record ApprovalAnswer
{
    private ApprovalAnswer(bool isApproved, string approver, string? reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(approver);
        IsApproved = isApproved;
        Approver = approver;
        Reason = reason;
    }

    /// <summary>Gets whether the call may run.</summary>
    public bool IsApproved { get; }

    /// <summary>
    /// Gets who decided, never blank. The name is part of the decision's <see cref="EnforcementEvidence.TerminalReceipt"/>.
    /// </summary>
    public string Approver { get; }

    /// <summary>
    /// Gets the reason, or <see langword="null"/> if the approver gave none. It may reach a model, so it must not contain
    /// an argument or a secret.
    /// </summary>
    public string? Reason { get; }

    /// <summary>Approves the call, so that it runs.</summary>
    /// <param name="approver">Who decided; not blank.</param>
    /// <param name="reason">
    /// The reason; it becomes the reason of the final decision. Default <see langword="null"/>: the reason of the held
    /// decision stays.
    /// </param>
    /// <returns>An approval.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="approver"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="approver"/> is blank.</exception>
    public static ApprovalAnswer Approve(string approver, string? reason = null) => new(true, approver, reason);

    /// <summary>Denies the call, so that it never runs.</summary>
    /// <param name="approver">Who decided; not blank.</param>
    /// <param name="reason">
    /// The reason; the tool's caller gets it as <see cref="PolicyViolationException.Reason"/>. If it is
    /// <see langword="null"/> (the default) or blank, a standard text is used.
    /// </param>
    /// <returns>A denial.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="approver"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="approver"/> is blank.</exception>
    public static ApprovalAnswer Deny(string approver, string? reason = null) => new(false, approver, reason);
}
