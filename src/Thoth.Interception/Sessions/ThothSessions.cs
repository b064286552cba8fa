using Microsoft.Extensions.Options;

namespace Thoth.Interception.Sessions;

/// <summary>
/// Manages the sessions of one service provider. Disposing the provider closes the default session, so later calls are refused.
/// </summary>
internal sealed class ThothSessions : IThothSessions, IDisposable
{
    private readonly ThothOptions _options;
    private readonly ThothSession _defaultSession;
    private readonly AsyncLocal<ThothSession?> _ambient = new();
    private Action<EnforcementContext>? _onStarted;
    private volatile bool _disposed;

    /// <param name="options">The options.</param>
    /// <param name="onStarted">Called for each session that is started, but not for the default session.</param>
    public ThothSessions(IOptions<ThothOptions> options, Action<EnforcementContext> onStarted)
    {
        _options = options.Value;
        _onStarted = onStarted;
        _defaultSession = new ThothSession(SessionContext.Create(_options, new ThothSessionOptions()), onDispose: null);
    }

    /// <summary>Gets the context that enforcers get with calls outside of started sessions.</summary>
    public EnforcementContext DefaultContext => _defaultSession.Context;

    public ThothSession Current => _disposed ? _defaultSession : _ambient.Value ?? _defaultSession;

    public ThothSession Start(ThothSessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var outer = _ambient.Value;
        var session = new ThothSession(SessionContext.Create(_options, options ?? new ThothSessionOptions()), Leave);
        _onStarted?.Invoke(session.Context);
        _ambient.Value = session;
        return session;

        // Other flows may still have the closed session as their ambient one. Their calls are refused, not moved to another session.
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

        // A session that stays open in a long-lived context keeps this object alive, but not the service provider behind it.
        _onStarted = null;
        _defaultSession.Dispose();
    }
}
