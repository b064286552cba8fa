namespace Thoth.Interception.Tests.Samples.Extending;

internal sealed class FakeSessions : IThothSessions
{
    private readonly List<ThothSession> _started = [];

    public IReadOnlyList<ThothSession> Started => _started;

    public bool IsEntered => true;

    public ThothSession Current => _started.Last(session => !session.IsClosed);

    public ThothSession Start(ThothSessionOptions? options = null)
    {
        var session = new ThothSession(new EnforcementContext
        {
            TenantId = "acme",
            AgentId = "support-agent",
            UserId = options?.UserId ?? "system",
            SessionId = $"session-{_started.Count + 1}",
            EnforcementTraceId = "trace",
        });
        _started.Add(session);
        return session;
    }

    public ThothSession GetOrStart(string sessionId, ThothSessionOptions? options = null) => Start(options);
}
