namespace Thoth.Interception;

/// <summary>The enforcer deferred the call: it may be tried again later (contract §2.4).</summary>
public sealed class PolicyDeferredException : PolicyViolationException
{
    /// <inheritdoc cref="PolicyViolationException(string, EnforcementDecision, string?, Exception?)"/>
    public PolicyDeferredException(string toolName, EnforcementDecision decision, string? sessionId = null)
        : base(toolName, decision, sessionId)
    {
    }

    /// <summary>When to try again, counted from now; <see langword="null"/> where the enforcer gave no hint.</summary>
    public TimeSpan? RetryAfter => DeferTimeoutSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;
}
