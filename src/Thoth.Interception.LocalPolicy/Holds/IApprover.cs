namespace Thoth.Interception.LocalPolicy;

/// <summary>
/// Decides about calls that the embedded policy holds: a person behind a console, a page or a chat. It is asked once per
/// held call, on the thread pool, when the call starts to wait, and for several calls at the same time.
/// </summary>
public interface IApprover
{
    /// <summary>Decides about one held call, in its own time.</summary>
    /// <param name="request">What is held and why.</param>
    /// <param name="cancellationToken">Cancelled when the time for an approval is over or the caller has given up; an answer no longer counts then.</param>
    /// <returns>
    /// The answer. An exception or <see langword="null"/> is no answer: it is logged and the call stays held until its
    /// time is over, when it is refused.
    /// </returns>
    ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken);
}
