using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;

namespace Thoth.Interception;

/// <summary>Represents one conversation of an agent: its identity, its tool calls and its token spend (contract §6). Thread-safe.</summary>
public sealed class ThothSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ToolCallHistory.Recorder _history = new();
    private readonly ThothSessions? _owner;
    private long _tokensSpent;
    private int _uses;
    private List<HeldPlace>? _held;
    private int _heldCount;
    private bool _closed;

    /// <summary>
    /// Creates a session that is not registered with any <see cref="IThothSessions"/>, for tests of code that takes sessions.
    /// Applications get theirs from <see cref="IThothSessions.Start"/> or <see cref="IThothSessions.GetOrStart"/>.
    /// </summary>
    /// <param name="context">The context that enforcers get with each call of the session.</param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is <see langword="null"/>.</exception>
    public ThothSession(EnforcementContext context)
        : this(context ?? throw new ArgumentNullException(nameof(context)), owner: null)
    {
    }

    internal ThothSession(EnforcementContext context, ThothSessions? owner)
    {
        Context = context;
        _owner = owner;
    }

    /// <summary>Gets the session's id, which never changes.</summary>
    public string Id => Context.SessionId;

    /// <summary>Gets the context that enforcers get with each call of this session.</summary>
    public EnforcementContext Context { get; }

    /// <summary>Gets a snapshot of the tools whose execution began in this session: the newest 128 names, oldest first.</summary>
    public IReadOnlyList<string> ToolCalls
    {
        get
        {
            lock (_lock)
            {
                return _history.View();
            }
        }
    }

    /// <summary>Gets the number of tokens counted so far, 0 at first. The count stays in this object and is never sent.</summary>
    public long TokensSpent => Interlocked.Read(ref _tokensSpent);

    /// <summary>Gets a value that tells whether the session has been disposed. A closed session refuses further calls.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <summary>Gets a value that tells whether the session is entered, or a call in it has begun and not ended.</summary>
    internal bool IsInUse => Volatile.Read(ref _uses) > 0;

    /// <summary>Gets or sets the scope that the session's own start opened; closing the session ends it.</summary>
    internal SessionScope? OwnScope { get; set; }

    /// <summary>Adds tokens that the conversation has spent to <see cref="TokensSpent"/>.</summary>
    /// <param name="count">The number of tokens, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public void AddTokens(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Interlocked.Add(ref _tokensSpent, count);
    }

    /// <summary>Tells whether the approved scope names the tool exactly. Only the enforcer decides whether a call may run.</summary>
    /// <param name="toolName">The tool's name; upper and lower case differ.</param>
    /// <returns><see langword="true"/> if the scope names the tool.</returns>
    public bool IsInScope(string toolName) => Context.ApprovedScope.Contains(toolName, StringComparer.Ordinal);

    /// <summary>
    /// Makes the session <see cref="IThothSessions.Current"/> for the code that runs from here on, asynchronous code included, until
    /// the result is disposed. The session stays open.
    /// </summary>
    /// <returns>Returns the flow to the session that was current before. Disposing again does nothing.</returns>
    /// <exception cref="ObjectDisposedException">The session is closed, or its service provider has been disposed.</exception>
    /// <remarks>
    /// Enter the session in the method that calls the tools, or in one that awaits it. What an asynchronous method enters ends with
    /// it, and what an asynchronous iterator enters ends at its next <c>yield return</c>. For a session that was created by its
    /// constructor, entering has no effect.
    /// </remarks>
    /// <example>
    /// <code>
    /// using (sessions.GetOrStart(conversationId, new() { UserId = userId }).Enter())
    /// {
    ///     var matches = await tools.SearchDocsAsync("policy", limit: 3);
    /// }
    /// </code>
    /// </example>
    public IDisposable Enter() => Enter(CancellationToken.None);

    /// <summary>
    /// Enters the session as <see cref="Enter()"/> does, in a flow that may be aborted, such as a web request. A call that waits for an
    /// approval then ends its wait, and no call starts, even if the tool takes no token.
    /// </summary>
    /// <param name="aborted">Cancelled when the flow is aborted. A tool does not get it.</param>
    /// <param name="operationId">
    /// The caller's id of what this flow does. If it does that again in another flow of the session with the same id, its calls have the
    /// same <see cref="RunningToolCall.IdempotencyKey"/>s. Default <see langword="null"/>: each flow has keys of its own.
    /// </param>
    /// <returns>Returns the flow to the session that was current before. Disposing again does nothing.</returns>
    /// <exception cref="ObjectDisposedException">The session is closed, or its service provider has been disposed.</exception>
    /// <remarks>The remarks of <see cref="Enter()"/> apply.</remarks>
    /// <example>
    /// <code>
    /// using (sessions.GetOrStart(conversationId, new() { UserId = userId }).Enter(context.RequestAborted))
    /// {
    ///     await next(context);
    /// }
    /// </code>
    /// </example>
    public IDisposable Enter(CancellationToken aborted, string? operationId = null)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return _owner is null ? NoScope.Instance : _owner.Enter(
            this, aborted: aborted, series: operationId is null ? null : new CallSeries($"operation:{operationId}"));
    }

    /// <summary>Closes the session: calls that have not started are refused from now on. Disposing again does nothing.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
        }

        _owner?.Closed(this);
    }

    /// <summary>Gets how many calls of the session are held in this process, or are about to be.</summary>
    internal int HeldCount => Volatile.Read(ref _heldCount);

    /// <summary>Finds the held call that equals a call; <see langword="null"/> if none does.</summary>
    internal HeldCallEntry? FindHeld(string tool, ReadOnlySpan<byte> argumentsHash)
    {
        lock (_lock)
        {
            return PlaceFor(tool, argumentsHash)?.Entry;
        }
    }

    /// <summary>Reserves a place for a held call, for which the session is in use until <see cref="HeldPlace.Leave"/>.</summary>
    /// <returns>
    /// The new place; or that of an equal call, which is held or about to be; or <see langword="null"/> if the session has as many held
    /// calls as the limit.
    /// </returns>
    internal (HeldPlace Place, bool IsNew)? TryReserveHeld(string tool, ReadOnlyMemory<byte> argumentsHash, int limit)
    {
        lock (_lock)
        {
            return PlaceFor(tool, argumentsHash.Span) is { } equal ? (equal, false)
                : _heldCount < limit ? (AddPlace(tool, argumentsHash), true)
                : null;
        }
    }

    /// <summary>Adds a call that an earlier process held, also beyond the limit.</summary>
    internal HeldPlace RestoreHeld(HeldCallEntry entry)
    {
        lock (_lock)
        {
            var place = AddPlace(entry.ToolName, entry.ArgumentsHash);
            place.Keep(entry);
            return place;
        }
    }

    internal void RemoveHeld(HeldPlace place)
    {
        lock (_lock)
        {
            _held!.Remove(place);
            _heldCount = _held.Count;
        }

        EndUse();
    }

    private HeldPlace? PlaceFor(string tool, ReadOnlySpan<byte> argumentsHash)
    {
        foreach (var place in _held ?? [])
        {
            if (place.IsFor(tool, argumentsHash))
            {
                return place;
            }
        }

        return null;
    }

    private HeldPlace AddPlace(string tool, ReadOnlyMemory<byte> argumentsHash)
    {
        var place = new HeldPlace(this, tool, argumentsHash);
        (_held ??= []).Add(place);
        _heldCount = _held.Count;
        BeginUse();
        return place;
    }

    /// <summary>Counts a use, during which the session is not forgotten.</summary>
    internal void BeginUse() => Interlocked.Increment(ref _uses);

    internal void EndUse() => Interlocked.Decrement(ref _uses);

    /// <summary>Gets the history with the call that is being evaluated. It takes the lock under which the starts of calls are recorded.</summary>
    internal ToolCallHistory SnapshotWith(EncodedToolName toolName)
    {
        lock (_lock)
        {
            return _history.ViewWith(toolName);
        }
    }

    /// <summary>Records that a tool starts. Returns <see langword="false"/> if the session is closed.</summary>
    internal bool TryRecordStart(EncodedToolName toolName)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _history.Add(toolName);
            return true;
        }
    }

    private sealed class NoScope : IDisposable
    {
        public static NoScope Instance { get; } = new();

        public void Dispose()
        {
        }
    }
}
