using Microsoft.Extensions.Options;
using Thoth.Interception.Sessions;

namespace Thoth.Interception.Testing;

/// <summary>
/// Represents sessions without a service provider, for tests of code that takes <see cref="IThothSessions"/>. They behave as those of
/// an application do.
/// </summary>
/// <example>
/// <code>
/// using var sessions = new TestSessions();
/// using var session = sessions.Start(new() { UserId = "ada", ApprovedScope = ["search_docs"] });
/// session.RecordToolCalls("search_docs");
/// </code>
/// </example>
public sealed class TestSessions : IThothSessions, IDisposable
{
    private readonly ThothSessions _sessions;

    /// <summary>Creates the sessions.</summary>
    /// <param name="configure">Sets the options of sessions. Default: a tenant and an agent with names for tests.</param>
    /// <param name="time">The clock of <see cref="SessionOptions.IdleTimeout"/>. Default: the system's.</param>
    public TestSessions(Action<ThothOptions>? configure = null, TimeProvider? time = null)
    {
        var options = new ThothOptions { TenantId = "test-tenant", AgentId = "test-agent" };
        configure?.Invoke(options);
        _sessions = new ThothSessions(Options.Create(options), time ?? TimeProvider.System, static _ => { });
    }

    /// <inheritdoc/>
    public ThothSession Current => _sessions.Current;

    /// <inheritdoc/>
    public bool IsEntered => _sessions.IsEntered;

    /// <inheritdoc/>
    public ThothSession Start(ThothSessionOptions? options = null) => _sessions.Start(options);

    /// <inheritdoc/>
    public IDisposable StartOnFirstUse(ThothSessionOptions? options = null, CancellationToken aborted = default) =>
        _sessions.StartOnFirstUse(options, aborted);

    /// <inheritdoc/>
    public ThothSession GetOrStart(string sessionId, ThothSessionOptions? options = null) => _sessions.GetOrStart(sessionId, options);

    /// <summary>Closes the default session and ends all others.</summary>
    public void Dispose() => _sessions.Dispose();
}
