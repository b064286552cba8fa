using Microsoft.Extensions.Options;

namespace Thoth.Interception.Sessions;

/// <summary>
/// The sessions of one service provider. Disposed with it, it closes its own session, so that a call made afterwards is
/// refused.
/// </summary>
internal sealed class ThothSessions : IThothSessions, IDisposable
{
    private readonly ThothOptions _options;
    private readonly ThothSession _own;
    private readonly AsyncLocal<ThothSession?> _ambient = new();
    private Action<EnforcementContext>? _started;
    private volatile bool _disposed;

    /// <param name="options">The options.</param>
    /// <param name="started">Told of every session that is started; not of the provider's own.</param>
    public ThothSessions(IOptions<ThothOptions> options, Action<EnforcementContext> started)
    {
        _options = options.Value;
        _started = started;
        _own = new ThothSession(SessionContext.Create(_options, new ThothSessionOptions()), onDispose: null);
    }

    /// <summary>What enforcers are told about calls that are made in no started session.</summary>
    public EnforcementContext OwnContext => _own.Context;

    public ThothSession Current => _disposed ? _own : _ambient.Value ?? _own;

    public ThothSession Start(ThothSessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var outer = _ambient.Value;
        var session = new ThothSession(SessionContext.Create(_options, options ?? new ThothSessionOptions()), Leave);
        _started?.Invoke(session.Context);
        _ambient.Value = session;
        return session;

        // Code elsewhere that still has the closed session as its ambient one is refused, never moved to another session.
        void Leave(ThothSession closed)
        {
            if (_ambient.Value == closed)
            {
                _ambient.Value = outer;
            }
        }
    }

    public void Dispose()
    {
        _disposed = true;

        // A session that is left open, in some long-lived context, keeps this object alive, but not the service provider behind it.
        _started = null;
        _own.Dispose();
    }
}
