namespace Thoth.Interception;

/// <summary>
/// A human must approve the call and <see cref="StepUpMode.Throw"/> is set: the tool did not run. Pending is no violation,
/// so this is no <see cref="PolicyViolationException"/>.
/// </summary>
public sealed class StepUpRequiredException : ThothException
{
    /// <summary>Creates the exception for a held call.</summary>
    /// <param name="toolName">The tool that was called.</param>
    /// <param name="decision">The STEP_UP decision, with its hold token.</param>
    /// <param name="sessionId">The session of the call.</param>
    public StepUpRequiredException(string toolName, EnforcementDecision decision, string? sessionId = null)
        : base($"Thoth holds tool '{toolName}' for approval: {ReasonOf(decision)}", null)
    {
        ToolName = toolName;
        Decision = decision;
        SessionId = sessionId;
    }

    /// <summary>The tool that was called.</summary>
    public string ToolName { get; }

    /// <summary>The whole decision.</summary>
    public EnforcementDecision Decision { get; }

    /// <summary>The session of the call.</summary>
    public string? SessionId { get; }

    /// <summary>The enforcer's explanation, where <see cref="ThothOptions.Explain"/> is set and it gave one; for people, not for the model.</summary>
    public Explanation? Explanation { get; init; }

    /// <summary>The token to ask for the hold with. A secret: it is in no message.</summary>
    public string? HoldToken => Decision.HoldToken;

    /// <summary>Why the call needs an approval.</summary>
    public string Reason => ReasonOf(Decision);

    /// <summary>How long the call stays held, counted from the decision; <see langword="null"/> where the enforcer named no time.</summary>
    public TimeSpan? ExpiresIn => Decision.StepUpTimeoutSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static string ReasonOf(EnforcementDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return string.IsNullOrWhiteSpace(decision.Reason) ? "approval required by Thoth policy" : decision.Reason;
    }
}
