namespace Thoth.Interception.Sessions;

/// <summary>Makes a session current in one asynchronous flow until it is disposed.</summary>
internal sealed class SessionScope : IDisposable
{
    private readonly ThothSessions _sessions;
    private readonly CancellationToken _aborted;
    private readonly ThothSessionOptions? _ownOptions;
    private readonly Lock? _ownLock;
    private ThothSession? _session;
    private HeldCallEntry? _held;
    private bool _disposed;

    /// <param name="sessions">The owner of the ambient value.</param>
    /// <param name="session">The session.</param>
    /// <param name="outer">The scope that was current before, to which the flow returns.</param>
    /// <param name="held">The held call that the flow resumes, if any.</param>
    /// <param name="permit">The decided call that the flow runs, if any.</param>
    /// <param name="aborted">Cancelled when the flow is aborted, such as the request that it serves.</param>
    public SessionScope(
        ThothSessions sessions, ThothSession session, SessionScope? outer, HeldCallEntry? held = null, CallPermit? permit = null,
        CancellationToken aborted = default)
        : this(sessions, outer, aborted)
    {
        (_session, _held) = (session, held);
        BringsPermit = permit is not null;
        Permit = permit ?? outer?.Permit;
        MayResume = held is not null || outer?.MayResume == true;
    }

    /// <summary>Creates a scope whose session starts when it is first used, and ends with the scope.</summary>
    public SessionScope(ThothSessions sessions, ThothSessionOptions ownOptions, SessionScope? outer, CancellationToken aborted)
        : this(sessions, outer, aborted)
    {
        (_ownOptions, _ownLock) = (ownOptions, new Lock());
        (Permit, MayResume) = (outer?.Permit, outer?.MayResume == true);
    }

    private SessionScope(ThothSessions sessions, SessionScope? outer, CancellationToken aborted) =>
        (_sessions, Outer, _aborted) = (sessions, outer, aborted);

    public ThothSession Session => _session ?? StartOwn();

    /// <summary>Gets the session if it has started.</summary>
    public ThothSession? Started => _session;

    public SessionScope? Outer { get; }

    /// <summary>Gets whether the scope was entered with a permit.</summary>
    public bool BringsPermit { get; }

    /// <summary>Gets the permit of the innermost decided call that the flow runs.</summary>
    public CallPermit? Permit { get; }

    /// <summary>Gets whether the flow, from here outwards, has ever resumed a held call: most flows have not.</summary>
    public bool MayResume { get; }

    /// <summary>
    /// Gets the token that ends the wait of calls in this flow. Work that goes on after the scope was left does not get it: a server may
    /// use the token of one request again for the next.
    /// </summary>
    public CancellationToken Aborted => !_disposed && _aborted.CanBeCanceled ? _aborted : Outer?.Aborted ?? default;

    /// <summary>Takes the held call that the flow resumes, once, if the call is that one.</summary>
    public HeldCallEntry? TryTakeHeld(string tool, EnforcementContext context, ReadOnlySpan<byte> argumentsHash)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._held is { } offered && offered.Is(tool, context, argumentsHash)
                && Interlocked.CompareExchange(ref scope._held, null, offered) == offered)
            {
                return offered;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _held = null;
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _sessions.Leave(this);
        if (_ownLock is not null)
        {
            lock (_ownLock)
            {
                _session?.Dispose();
            }
        }
    }

    /// <summary>Starts the session. Work that goes on after the scope was left gets a closed one.</summary>
    private ThothSession StartOwn()
    {
        lock (_ownLock!)
        {
            if (_session is null)
            {
                _session = _sessions.StartFor(_ownOptions!);
                if (_disposed)
                {
                    _session.Dispose();
                }
            }

            return _session;
        }
    }
}
