namespace Thoth.Interception;

/// <summary>
/// Finds the calls that wait for an approval while their callers go on (<see cref="StepUpMode.Throw"/>), and resumes them. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// var held = await holds.GetAsync(id);
/// if (held is not null &amp;&amp; await holds.PeekAsync(held) == HeldCallState.Approved)
/// {
///     using (holds.Resume(held))
///     {
///         await tools.RefundAsync("A-1001", 250);   // the call that was held: it runs now, once
///     }
/// }
/// </code>
/// </example>
public interface IThothHolds
{
    /// <summary>Gets a held call by its id. The id grants nothing: <see cref="Resume"/> checks session and user.</summary>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The held call, or <see langword="null"/> if the store has none with this id.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="id"/> is <see langword="null"/>.</exception>
    ValueTask<HeldCall?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Gets the calls of a session that were held and not resumed, oldest first; those that were denied or expired included.</summary>
    /// <param name="session">The session. Default: <see cref="IThothSessions.Current"/>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The held calls.</returns>
    ValueTask<IReadOnlyList<HeldCall>> ListAsync(ThothSession? session = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gets the calls of all sessions that are held and not resumed, oldest first, for the approvers of an application. Check first that
    /// the person may see them. Machines that keep held calls as tickets list their own alone.
    /// </summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The held calls.</returns>
    ValueTask<IReadOnlyList<HeldCall>> ListAllAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Gets what became of a held call, without waiting and without using the approval. The enforcer is polled at most once in
    /// <see cref="StepUpOptions.PollInterval"/> for each hold; in between the last known state is returned.
    /// </summary>
    /// <param name="held">The held call.</param>
    /// <param name="cancellationToken">Cancels the poll.</param>
    /// <returns>The state. An enforcer that cannot be reached leaves it as it was.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="held"/> is <see langword="null"/>.</exception>
    ValueTask<HeldCallState> PeekAsync(HeldCall held, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets the held call continue: the next call in this asynchronous flow that has its tool, session, user and arguments is not
    /// evaluated again. It asks for the approval once and runs, is refused, or is still held. Any other call is decided as always.
    /// </summary>
    /// <param name="held">The held call.</param>
    /// <returns>Ends the offer if no call has taken it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="held"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">The held call belongs to another session, user or tenant than <see cref="IThothSessions.Current"/>.</exception>
    /// <exception cref="ObjectDisposedException">The service provider has been disposed.</exception>
    IDisposable Resume(HeldCall held);

    /// <summary>
    /// Approves or denies a held call, minutes or hours later, if the enforcer owns its holds in this process: the local policy does.
    /// Over HTTP only the enforcer's page or API answers.
    /// </summary>
    /// <param name="held">The held call.</param>
    /// <param name="answer">The answer. The first one counts.</param>
    /// <param name="cancellationToken">Cancels the answer.</param>
    /// <returns>Whether the answer counts: the call is still held and not answered before.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="held"/> or <paramref name="answer"/> is <see langword="null"/>.</exception>
    /// <exception cref="NotSupportedException">The enforcer is not an <see cref="IResolvableHoldEnforcer"/>.</exception>
    ValueTask<bool> ResolveAsync(HeldCall held, ApprovalAnswer answer, CancellationToken cancellationToken = default);
}
