using Thoth.Interception.Serialization;
using Thoth.Interception.Sessions;

namespace Thoth.Interception;

/// <summary>One conversation of an agent: its identity, its tool calls and its token spend (contract §6). Thread-safe.</summary>
public sealed class ThothSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ToolCallHistory.Recorder _history = new();
    private readonly Action<ThothSession>? _onDispose;
    private long _tokensSpent;
    private bool _closed;

    internal ThothSession(EnforcementContext context, Action<ThothSession>? onDispose)
    {
        Context = context;
        _onDispose = onDispose;
    }

    /// <summary>The session's id; stable for its life.</summary>
    public string Id => Context.SessionId;

    /// <summary>What enforcers are told about this session's calls.</summary>
    public EnforcementContext Context { get; }

    /// <summary>The tools whose execution began in this session, oldest first: the newest 128, as they are now.</summary>
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

    /// <summary>The tokens counted so far. Kept here only and never sent.</summary>
    public long TokensSpent => Interlocked.Read(ref _tokensSpent);

    /// <summary>Whether the session has been disposed; it refuses further calls then.</summary>
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

    /// <summary>Counts tokens that the conversation has spent.</summary>
    /// <param name="count">How many; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public void AddTokens(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Interlocked.Add(ref _tokensSpent, count);
    }

    /// <summary>Whether the approved scope names the tool exactly. Informational: only the enforcer decides by it.</summary>
    /// <param name="toolName">The tool's name; case matters.</param>
    /// <returns><see langword="true"/> where the scope names it.</returns>
    public bool IsInScope(string toolName) => Context.ApprovedScope.Contains(toolName, StringComparer.Ordinal);

    /// <summary>Closes the session: calls that have not started are refused from now on. Idempotent.</summary>
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

    /// <summary>The history with the call that is being asked about, under the lock that starting calls are recorded under.</summary>
    internal ToolCallHistory SnapshotWith(EncodedToolName toolName)
    {
        lock (_lock)
        {
            return _history.ViewWith(toolName);
        }
    }

    /// <summary>Records that a tool begins to run, or refuses because the session is closed.</summary>
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
