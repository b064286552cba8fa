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
}
