namespace Thoth.Interception;

/// <summary>The enforcer deferred the call: the tool did not run, and the call may be tried again later (contract §2.4).</summary>
/// <example>
/// <code>
/// catch (PolicyDeferredException e)
/// {
///     await Task.Delay(e.RetryAfter ?? TimeSpan.FromMinutes(1), time, cancellationToken);
/// }
/// </code>
/// </example>
public sealed class PolicyDeferredException : PolicyViolationException
{
    /// <summary>Creates the exception for a deferred call.</summary>
    /// <param name="toolName">The tool that was called.</param>
    /// <param name="decision">The decision that deferred it.</param>
    /// <param name="sessionId">The session of the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="toolName"/> or <paramref name="decision"/> is <see langword="null"/>.</exception>
    public PolicyDeferredException(string toolName, EnforcementDecision decision, string? sessionId = null)
        : base(toolName, decision, sessionId)
    {
    }

    /// <summary>Gets how long to wait before the next try, counted from now and positive; <see langword="null"/> if the enforcer gave no hint.</summary>
    public TimeSpan? RetryAfter => Decision.DeferTimeout is { } timeout && timeout > TimeSpan.Zero ? timeout : null;
}
