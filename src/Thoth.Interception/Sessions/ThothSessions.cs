using Microsoft.Extensions.Options;

namespace Thoth.Interception.Sessions;

/// <summary>
/// The sessions of one service provider. When the provider is disposed, its own session is closed, so later calls are refused.
/// </summary>
internal sealed class ThothSessions : IThothSessions, IDisposable
{
    private readonly ThothOptions _options;
    private readonly ThothSession _defaultSession;
    private readonly AsyncLocal<ThothSession?> _ambient = new();
    private Action<EnforcementContext>? _started;
    private volatile bool _disposed;

    /// <param name="options">The options.</param>
    /// <param name="started">Called for every session that is started, but not for the provider's own.</param>
    public ThothSessions(IOptions<ThothOptions> options, Action<EnforcementContext> started)
    {
        _options = options.Value;
        _started = started;
        _defaultSession = new ThothSession(SessionContext.Create(_options, new ThothSessionOptions()), onDispose: null);
    }

    /// <summary>Gets what enforcers are told about calls outside of started sessions.</summary>
    public EnforcementContext OwnContext => _defaultSession.Context;

    public ThothSession Current => _disposed ? _defaultSession : _ambient.Value ?? _defaultSession;

    public ThothSession Start(ThothSessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var outer = _ambient.Value;
        var session = new ThothSession(SessionContext.Create(_options, options ?? new ThothSessionOptions()), Leave);
        _started?.Invoke(session.Context);
        _ambient.Value = session;
        return session;

        // Other flows that still have the closed session as their ambient one are refused, never moved to another session.
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
        _started = null;
        _defaultSession.Dispose();
    }
}
