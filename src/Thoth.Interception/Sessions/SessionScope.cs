namespace Thoth.Interception.Sessions;

/// <summary>Makes a session current in one asynchronous flow until it is disposed.</summary>
internal sealed class SessionScope(ThothSessions sessions, ThothSession session, SessionScope? outer) : IDisposable
{
    private bool _disposed;

    public ThothSession Session { get; } = session;

    /// <summary>Gets the scope that was current before, to which the flow returns.</summary>
    public SessionScope? Outer { get; } = outer;

    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            sessions.Leave(this);
        }
    }
}
