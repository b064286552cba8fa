namespace Thoth.Interception.LocalPolicy;

/// <summary>
/// Approves or denies the calls that the embedded policy holds with <c>step_up</c>, for example by showing them to a person
/// at a console, on a page or in a chat.
/// </summary>
/// <remarks>
/// The approver is called when a call is held, at most once per hold, and on the thread pool. It is called for
/// several holds at the same time, so it must be thread-safe.
/// </remarks>
/// <example>
/// <code language="csharp">
/// public sealed class ConsoleApprover : IApprover
/// {
///     public async ValueTask&lt;ApprovalAnswer&gt; DecideAsync(ApprovalRequest request, CancellationToken cancellationToken)
///     {
///         Console.WriteLine($"{request.ToolName}: {request.Reason}");
///         Console.WriteLine(Encoding.UTF8.GetString(request.ArgumentsToRun.Span));
///         var line = await Console.In.ReadLineAsync(cancellationToken);
///         return line == "y" ? ApprovalAnswer.Approve("console") : ApprovalAnswer.Deny("console", "Not today.");
///     }
/// }
///
/// services.AddThoth().UseLocalPolicy("thoth.policy.json").UseApprover&lt;ConsoleApprover&gt;();
/// </code>
/// </example>
public interface IApprover
{
    /// <summary>Approves or denies one held call. It may take as long as the hold lasts.</summary>
    /// <param name="request">The held call and the reason why it is held.</param>
    /// <param name="cancellationToken">
    /// Cancelled when the hold ends: it expired, its caller gave up, it was answered elsewhere, or the enforcer was disposed. A decision that is made
    /// later has no effect.
    /// </param>
    /// <returns>
    /// The decision. An exception or <see langword="null"/> does not decide: it is logged, and the call stays held until
    /// the hold expires and the call is refused.
    /// </returns>
    ValueTask<ApprovalAnswer> DecideAsync(ApprovalRequest request, CancellationToken cancellationToken);
}
