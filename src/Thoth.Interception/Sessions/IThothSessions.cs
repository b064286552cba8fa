namespace Thoth.Interception;

/// <summary>Separates conversations: each session has its own id, history and token count (contract §6).</summary>
/// <example>
/// <code>
/// using var session = sessions.Start(new ThothSessionOptions { UserId = userId, ApprovedScope = ["search_docs"] });
///
/// // Every governed call from here on, asynchronous ones included, belongs to this session.
/// var matches = await tools.SearchDocsAsync("policy", limit: 3);
/// session.AddTokens(1_200);
/// </code>
/// </example>
public interface IThothSessions
{
    /// <summary>
    /// Gets the session that a governed call made here belongs to: the innermost one that was started in this asynchronous flow
    /// and is not yet disposed, or else the service provider's default session.
    /// </summary>
    ThothSession Current { get; }

    /// <summary>
    /// Gets whether a session was started or entered in this asynchronous flow. Otherwise <see cref="Current"/> is the service provider's
    /// own session, which all such calls share.
    /// </summary>
    bool IsEntered { get; }

    /// <summary>
    /// Starts a session and makes it <see cref="Current"/> for the code that runs from here on, asynchronous code included, until
    /// it is disposed.
    /// </summary>
    /// <param name="options">The values of this session. Default: those of <see cref="ThothOptions"/> and a new id.</param>
    /// <returns>The session. Dispose it when the conversation ends.</returns>
    /// <exception cref="ObjectDisposedException">The service provider has been disposed.</exception>
    /// <remarks>
    /// A session that an asynchronous method starts is not current in its caller: the ambient value ends with the method.
    /// </remarks>
    /// <example>
    /// <code>
    /// using var session = sessions.Start(new ThothSessionOptions { UserId = userId, ApprovedScope = ["search_docs"] });
    /// var matches = await tools.SearchDocsAsync("policy", limit: 3);
    /// </code>
    /// </example>
    ThothSession Start(ThothSessionOptions? options = null);

    /// <summary>
    /// Makes a session current that starts when it is first used, by a governed call or by <see cref="Current"/>. For requests of which
    /// most call no tool: those leave no session and no event.
    /// </summary>
    /// <param name="options">The values of this session. Default: those of <see cref="ThothOptions"/> and a new id.</param>
    /// <param name="aborted">As for <see cref="ThothSession.Enter(CancellationToken, string?)"/>. Default: none.</param>
    /// <returns>Closes the session, and returns the flow to the one that was current before.</returns>
    /// <exception cref="ObjectDisposedException">The service provider has been disposed.</exception>
    /// <example>
    /// <code>
    /// using (sessions.StartOnFirstUse(new() { UserId = userId }, context.RequestAborted))
    /// {
    ///     await next(context);
    /// }
    /// </code>
    /// </example>
    IDisposable StartOnFirstUse(ThothSessionOptions? options = null, CancellationToken aborted = default) => Start(options);

    /// <summary>
    /// Gets the session of a conversation that may span several requests, or starts it. It keeps its history and its counts until it
    /// is disposed or forgotten; <see cref="ThothOptions.Sessions"/> says when. It is not <see cref="Current"/> until
    /// <see cref="ThothSession.Enter()"/>.
    /// </summary>
    /// <param name="sessionId">
    /// The conversation's id; not blank. Do not take it from a client unchecked: a client that names the conversation of another user
    /// would continue it.
    /// </param>
    /// <param name="options">
    /// The values of the session. If it exists, those that are set must equal the values that it was started with. Default: those of
    /// <see cref="ThothOptions"/> for a new session, no check for an existing one.
    /// </param>
    /// <returns>The session, the same for each call with the id until it is forgotten.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sessionId"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="sessionId"/> is blank, or the options name another one.</exception>
    /// <exception cref="InvalidOperationException">The session was started with other values, such as another user id.</exception>
    /// <exception cref="ObjectDisposedException">The service provider has been disposed.</exception>
    /// <example>
    /// <code>
    /// using (sessions.GetOrStart(conversationId, new() { UserId = userId }).Enter())
    /// {
    ///     var matches = await tools.SearchDocsAsync("policy", limit: 3);
    /// }
    /// </code>
    /// </example>
    ThothSession GetOrStart(string sessionId, ThothSessionOptions? options = null);
}
