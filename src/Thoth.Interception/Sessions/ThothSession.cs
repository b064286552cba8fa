using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;

namespace Thoth.Interception;

/// <summary>Represents one conversation of an agent: its identity, its tool calls and its token spend (contract §6). Thread-safe.</summary>
public sealed class ThothSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ToolCallHistory.Recorder _history = new();
    private readonly Action<ThothSession>? _onDispose;
    private long _tokensSpent;
    private bool _closed;

    /// <summary>
    /// Creates a session that is not registered with any <see cref="IThothSessions"/>, for tests of code that takes sessions.
    /// Applications get theirs from <see cref="IThothSessions.Start"/>.
    /// </summary>
    /// <param name="context">The context that enforcers get with each call of the session.</param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is <see langword="null"/>.</exception>
    public ThothSession(EnforcementContext context)
        : this(context ?? throw new ArgumentNullException(nameof(context)), onDispose: null)
    {
    }

    internal ThothSession(EnforcementContext context, Action<ThothSession>? onDispose)
    {
        Context = context;
        _onDispose = onDispose;
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

        _onDispose?.Invoke(this);
    }

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
}
