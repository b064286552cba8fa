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

    public bool IsEntered => CurrentScope is not null;

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

    /// <summary>Gets the call whose tool this flow runs, also while the service provider is being disposed.</summary>
    public IRunningCall? CurrentCall => _ambient.Value?.Call;

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

    public IDisposable StartOnFirstUse(ThothSessionOptions? options = null, CancellationToken aborted = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _ambient.Value = new SessionScope(this, session: null, _ambient.Value, aborted: aborted, options: options ?? s_unset);
    }

    /// <summary>Starts the session of a scope that is used for the first time.</summary>
    public ThothSession StartFor(ThothSessionOptions options)
    {
        var session = new ThothSession(SessionContext.Create(_options, options), this);
        _onStarted?.Invoke(session.Context);
        session.BeginUse();
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
    public SessionScope Enter(
        ThothSession session, HeldCallEntry? held = null, CallPermit? permit = null, CancellationToken aborted = default,
        IRunningCall? call = null, CallSeries? series = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        session.BeginUse();
        if (permit is not null)
        {
            Interlocked.Increment(ref _permits);
        }

        return _ambient.Value = new SessionScope(this, session, _ambient.Value, held, permit, aborted, options: null, call, series);
    }

    /// <summary>
    /// Ends a scope. Other flows may still have it as their ambient one: their calls stay in the session, and are refused if it was
    /// closed. They are not moved to another session.
    /// </summary>
    public void Leave(SessionScope scope)
    {
        Return(scope, scope.Outer);
        if (scope.Started is not { } session)
        {
            return;
        }

        _kept.Touch(session);
        if (scope.BringsPermit)
        {
            Interlocked.Decrement(ref _permits);
        }

        session.EndUse();
    }

    /// <summary>Makes a call the one whose tool this flow runs, within its session. Pass what it returns to <see cref="LeaveCall"/>.</summary>
    /// <param name="call">The call.</param>
    /// <param name="session">The call's session, which is in use until the call has ended.</param>
    /// <param name="scope">The call's scope, one for all parts of its run.</param>
    public EnteredCall EnterCall(IRunningCall call, ThothSession session, ref SessionScope? scope)
    {
        var (outer, before) = (_ambient.Value, ExecutionContext.Capture());
        _ambient.Value = scope ??= new SessionScope(this, session, outer, call: call);
        return new EnteredCall(outer, before, ExecutionContext.Capture());
    }

    /// <summary>Returns the flow to the scope before, unless the tool has left the flow in another session.</summary>
    public void LeaveCall(SessionScope scope, in EnteredCall entered)
    {
        // Most tools leave the flow's ambient values as they found them. Then all of them are set back at once.
        if (entered.Before is not null && ExecutionContext.Capture() == entered.Inside)
        {
            ExecutionContext.Restore(entered.Before);
        }
        else
        {
            Return(scope, entered.Outer);
        }
    }

    private void Return(SessionScope scope, SessionScope? outer)
    {
        if (_ambient.Value == scope)
        {
            while (outer is { IsEndedCall: true })
            {
                outer = outer.Outer;
            }

            _ambient.Value = outer;
        }
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
