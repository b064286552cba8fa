using Microsoft.Extensions.Options;

namespace Thoth.Interception;

/// <summary>
/// The sessions of one service provider. Disposed with it, it closes its own session, so that a call made afterwards is
/// refused.
/// </summary>
internal sealed class ThothSessions : IThothSessions, IDisposable
{
    private readonly ThothOptions _options;
    private readonly ThothSession _own;
    private readonly AsyncLocal<ThothSession?> _ambient = new();
    private volatile bool _disposed;

    public ThothSessions(IOptions<ThothOptions> options)
    {
        _options = options.Value;
        _own = new ThothSession(CreateContext(new ThothSessionOptions()), onDispose: null);
    }

    public ThothSession Current => _disposed ? _own : _ambient.Value ?? _own;

    public ThothSession Start(ThothSessionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var outer = _ambient.Value;
        var session = new ThothSession(CreateContext(options ?? new ThothSessionOptions()), Leave);
        _ambient.Value = session;
        return session;

        // Code elsewhere that still has the closed session as its ambient one is refused, never moved to another session.
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
        _own.Dispose();
    }

    private EnforcementContext CreateContext(ThothSessionOptions own)
    {
        var id = Given(own.SessionId) ?? Guid.NewGuid().ToString();
        return new EnforcementContext
        {
            TenantId = _options.TenantId,
            AgentId = Given(own.AgentId) ?? _options.AgentId,
            UserId = Given(own.UserId) ?? _options.UserId,
            SessionId = id,
            EnforcementTraceId = Given(own.EnforcementTraceId) ?? Given(_options.EnforcementTraceId) ?? id,
            ApprovedScope = [.. own.ApprovedScope ?? _options.ApprovedScope],
            Mode = _options.Enforcement,
            Environment = _options.Environment,
            SessionIntent = Given(own.SessionIntent) ?? Given(_options.SessionIntent),
            Purpose = Given(own.Purpose) ?? Given(_options.Purpose),
            DataClassification = Given(own.DataClassification) ?? Given(_options.DataClassification),
            TaskContext = own.TaskContext ?? _options.TaskContext,
            IdentityBinding = new Dictionary<string, string>(_options.IdentityBinding),
        };
    }

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
