using Microsoft.Extensions.Options;

namespace Thoth.Interception.Sessions;

/// <summary>
/// Manages the sessions of one service provider. Disposing the provider closes the default session, so later calls are refused.
/// </summary>
internal sealed class ThothSessions : IThothSessions, IDisposable
{
    private static readonly ThothSessionOptions s_unset = new();

    private readonly ThothOptions _options;
    private readonly ThothSession _defaultSession;
    private readonly KeptSessions _kept;
    private readonly AsyncLocal<SessionScope?> _ambient = new();
    private Action<EnforcementContext>? _onStarted;
    private volatile bool _disposed;
    private int _permits;

    /// <param name="options">The options.</param>
    /// <param name="time">The clock of <see cref="SessionOptions.IdleTimeout"/>.</param>
    /// <param name="onStarted">Called for each session that is started, but not for the default session.</param>
    public ThothSessions(IOptions<ThothOptions> options, TimeProvider time, Action<EnforcementContext> onStarted)
    {
        _options = options.Value;
        _onStarted = onStarted;
        _kept = new KeptSessions(_options.Sessions, time);
        _defaultSession = new ThothSession(SessionContext.Create(_options, new ThothSessionOptions()), owner: null);
    }

    /// <summary>Gets or sets what gets each session that starts to be kept by its id, under a lock and before another flow sees it.</summary>
    public Action<ThothSession>? OnKept { get; set; }

    public ThothSession Current => CurrentScope?.Session ?? _defaultSession;

    /// <summary>Gets the innermost scope of this flow; <see langword="null"/> outside of every session.</summary>
    public SessionScope? CurrentScope => _disposed ? null : _ambient.Value;

    /// <summary>
    /// Gets the permit of the decided call that this flow runs, if calls in it are still in that call's open session. While no decided
    /// call runs in the process, the ambient value is not read.
    /// </summary>
    public CallPermit? CurrentPermit =>
        _permits != 0 && CurrentScope is { Permit: { } permit } scope && scope.Session == permit.Session && !permit.Session.IsClosed
            ? permit
            : null;

    /// <summary>Gets the session of calls outside of every scope.</summary>
    public ThothSession Default => _defaultSession;

    /// <summary>Gets the number of kept sessions.</summary>
    internal int KeptCount => _kept.Count;

    public ThothSession Start(ThothSessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var session = new ThothSession(SessionContext.Create(_options, options ?? new ThothSessionOptions()), this);
        _onStarted?.Invoke(session.Context);
        session.OwnScope = Enter(session);
        return session;
    }

    public ThothSession GetOrStart(string sessionId, ThothSessionOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sessionId);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var id = sessionId.Trim();
        if (options?.SessionId is { } other && other.Trim() != id)
        {
            throw new ArgumentException("The options name another session id. Leave ThothSessionOptions.SessionId unset.", nameof(options));
        }

        var (session, isNew) = _kept.GetOrAdd(
            id,
            static state =>
            {
                var created = new ThothSession(SessionContext.Create(state.Sessions._options, state.Options, state.Id), state.Sessions);
                state.Sessions.OnKept?.Invoke(created);
                return created;
            },
            (Sessions: this, Options: options ?? s_unset, Id: id));
        if (isNew)
        {
            _onStarted?.Invoke(session.Context);
        }
        else if (options is not null && SessionContext.DifferenceBetween(session.Context, options) is { } difference)
        {
            throw new InvalidOperationException(
                $"The session was started with another {difference}, which cannot change. Use a session id of its own for each user and purpose.");
        }

        return session;
    }

    /// <summary>Finds a session that is kept by its id.</summary>
    public ThothSession? FindKept(string sessionId) => _kept.Find(sessionId);

    /// <summary>Makes the session current in this flow, which can resume a held call of it, or run a decided one.</summary>
    public SessionScope Enter(ThothSession session, HeldCallEntry? held = null, CallPermit? permit = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        session.BeginUse();
        if (permit is not null)
        {
            Interlocked.Increment(ref _permits);
        }

        return _ambient.Value = new SessionScope(this, session, _ambient.Value, held, permit);
    }

    /// <summary>
    /// Ends a scope. Other flows may still have it as their ambient one: their calls stay in the session, and are refused if it was
    /// closed. They are not moved to another session.
    /// </summary>
    public void Leave(SessionScope scope)
    {
        if (_ambient.Value == scope)
        {
            _ambient.Value = scope.Outer;
        }

        _kept.Touch(scope.Session);
        if (scope.BringsPermit)
        {
            Interlocked.Decrement(ref _permits);
        }

        scope.Session.EndUse();
    }

    /// <summary>Called once a session is closed.</summary>
    public void Closed(ThothSession session)
    {
        session.OwnScope?.Dispose();
        _kept.Remove(session);
    }

    public void Dispose()
    {
        _disposed = true;

        // A session that stays open in a long-lived context keeps this object alive, but not the service provider behind it.
        (_onStarted, OnKept) = (null, null);
        _defaultSession.Dispose();
    }
}
