using System.Runtime.CompilerServices;

namespace Thoth.Interception.LocalPolicy.Engine;

/// <summary>
/// Counts the calls that this process permitted, by session and tool. A session is known by its id, so a session that is started
/// again with its id continues to count. Of very many sessions, those that were not used for longest are forgotten.
/// </summary>
internal sealed class PermittedCalls
{
    private const int SessionsPerGeneration = 5_000;

    /// <summary>Marks a request whose call has ended: an approval that comes too late must not count it.</summary>
    private static readonly SessionCounts s_ended = new();

    private readonly Lock _lock = new();
    private readonly ConditionalWeakTable<EnforcementRequest, SessionCounts> _counted = [];
    private Dictionary<SessionKey, SessionCounts> _recent = [];
    private Dictionary<SessionKey, SessionCounts> _older = [];

    /// <summary>Gets the counts of a session. The caller locks them from its evaluation to <see cref="Count"/>.</summary>
    public SessionCounts Of(EnforcementContext session)
    {
        var key = new SessionKey(session.TenantId, session.AgentId, session.SessionId);
        lock (_lock)
        {
            if (_recent.TryGetValue(key, out var counts))
            {
                return counts;
            }

            if (_recent.Count == SessionsPerGeneration)
            {
                (_older, _recent) = (_recent, []);
            }

            return _recent[key] = _older.GetValueOrDefault(key) ?? new SessionCounts();
        }
    }

    /// <summary>Counts a call once.</summary>
    public void Count(EnforcementRequest request, SessionCounts counts)
    {
        if (_counted.TryAdd(request, counts))
        {
            counts.Add(request.ToolName, 1);
        }
    }

    /// <summary>Takes a call back if it was counted, and never counts it from now on.</summary>
    public void Uncount(EnforcementRequest request)
    {
        if (_counted.TryAdd(request, s_ended) || !_counted.Remove(request, out var counts))
        {
            return;
        }

        lock (counts)
        {
            counts.Add(request.ToolName, -1);
        }
    }

    private readonly record struct SessionKey(string Tenant, string Agent, string Session);
}
