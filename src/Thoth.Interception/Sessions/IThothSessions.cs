namespace Thoth.Interception;

/// <summary>Keeps conversations apart: each session has its own id, history and token count (contract §6).</summary>
public interface IThothSessions
{
    /// <summary>
    /// The session that a governed call made here belongs to: the innermost one started on this logical thread of
    /// execution and not yet disposed, else the one that the service provider has for itself.
    /// </summary>
    ThothSession Current { get; }

    /// <summary>
    /// Starts a session and makes it <see cref="Current"/> for the code that runs from here on, asynchronous code
    /// included, until it is disposed.
    /// </summary>
    /// <param name="options">What is particular to this session.</param>
    /// <returns>The session; dispose it where it ends.</returns>
    /// <exception cref="ObjectDisposedException">The service provider has been disposed.</exception>
    ThothSession Start(ThothSessionOptions? options = null);
}
