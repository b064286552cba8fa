namespace Thoth.Interception.Sessions;

/// <summary>Makes a session current in one asynchronous flow until it is disposed, or until the call that the flow runs has ended.</summary>
/// <param name="sessions">The owner of the ambient value.</param>
/// <param name="session">The session; <see langword="null"/> if it starts when it is first used, and ends with the scope.</param>
/// <param name="outer">The scope that was current before, to which the flow returns.</param>
/// <param name="held">The held call that the flow resumes, if any.</param>
/// <param name="permit">The decided call that the flow runs, if any.</param>
/// <param name="aborted">Cancelled when the flow is aborted, such as the request that it serves.</param>
/// <param name="options">The options of a session that is not started yet.</param>
/// <param name="call">The call whose tool the flow runs, if any.</param>
/// <param name="series">The series of calls that the flow repeats, if it does.</param>
internal sealed class SessionScope(
    ThothSessions sessions, ThothSession? session, SessionScope? outer, HeldCallEntry? held = null, CallPermit? permit = null,
    CancellationToken aborted = default, ThothSessionOptions? options = null, IRunningCall? call = null, CallSeries? series = null) : IDisposable
{
    private readonly Lock? _ownLock = session is null ? new() : null;
    private readonly bool _isCall = call is not null;
    private readonly SessionScope? _running = call is not null ? null : outer?._running ?? (outer is { _isCall: true } ? outer : null);
    private HeldCallEntry? _held = held;
    private IRunningCall? _call = call;
    private CallSeries? _series = series;
    private bool _disposed;

    public ThothSession Session => Started ?? StartOwn();

    /// <summary>Gets the session if it has started.</summary>
    public ThothSession? Started { get; private set; } = session;

    public SessionScope? Outer { get; } = outer;

    /// <summary>Gets whether the scope was entered with a permit.</summary>
    public bool BringsPermit { get; } = permit is not null;

    /// <summary>Gets the permit of the innermost decided call that the flow runs.</summary>
    public CallPermit? Permit { get; } = permit ?? outer?.Permit;

    /// <summary>Gets whether the flow, from here outwards, has ever resumed a held call: most flows have not.</summary>
    public bool MayResume { get; } = held is not null || outer?.MayResume == true;

    /// <summary>
    /// Gets the token that ends the wait of calls in this flow. Work that goes on after the scope was left does not get it: a server may
    /// use the token of one request again for the next.
    /// </summary>
    public CancellationToken Aborted => !_disposed && aborted.CanBeCanceled ? aborted : Outer?.Aborted ?? default;

    /// <summary>Gets the innermost call whose tool the flow runs; <see langword="null"/> if there is none, or if it has ended.</summary>
    public IRunningCall? Call => (_running ?? this)._call;

    /// <summary>Gets whether the scope was that of a call that has ended.</summary>
    public bool IsEndedCall => _isCall && _call is null;

    /// <summary>
    /// Gets the series of the calls that are made in the flow. Scopes inside each other share one, except that the calls that a tool makes
    /// are a series of their call, and that the calls of a resumed flow are those of the flow in which the call was held.
    /// </summary>
    public CallSeries Series
    {
        get
        {
            var scope = this;
            while (scope is { _series: null, _isCall: false, Outer: { } next })
            {
                scope = next;
            }

            return scope._series
                ?? Interlocked.CompareExchange(ref scope._series, new CallSeries(scope._call?.IdempotencyKey ?? Guid.NewGuid().ToString("N")), null)
                ?? scope._series;
        }
    }

    /// <summary>Ends the call: what its tool left running no longer sees it.</summary>
    public void EndCall() => _call = null;

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

        sessions.Leave(this);
        if (_ownLock is not null)
        {
            lock (_ownLock)
            {
                Started?.Dispose();
            }
        }
    }

    /// <summary>Starts the session. Work that goes on after the scope was left gets a closed one.</summary>
    private ThothSession StartOwn()
    {
        lock (_ownLock!)
        {
            if (Started is null)
            {
                Started = sessions.StartFor(options!);
                if (_disposed)
                {
                    Started.Dispose();
                }
            }

            return Started;
        }
    }
}
