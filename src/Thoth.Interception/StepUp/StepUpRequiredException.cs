using Thoth.Interception.Enforcement;
using Thoth.Interception.Serialization;

namespace Thoth.Interception;

/// <summary>
/// A person must approve the call, and <see cref="StepUpMode.Throw"/> is set: the tool did not run. A pending call is not refused,
/// so this is not a <see cref="PolicyViolationException"/>. The message may be shown to a model; it does not contain the token.
/// </summary>
/// <example>
/// <code>
/// catch (StepUpRequiredException e)
/// {
///     await approvals.SaveAsync(e.HoldToken, e.ToolName, e.ExpiresIn);
///     return e.Message;
/// }
/// </code>
/// </example>
public sealed class StepUpRequiredException : ThothException
{
    /// <summary>Creates the exception for a held call.</summary>
    /// <param name="toolName">The tool that was called.</param>
    /// <param name="decision">The <see cref="DecisionType.StepUp"/> decision with its hold token.</param>
    /// <param name="sessionId">The session of the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="toolName"/> or <paramref name="decision"/> is <see langword="null"/>.</exception>
    public StepUpRequiredException(string toolName, EnforcementDecision decision, string? sessionId = null)
        : base(Describe(toolName, decision), null)
    {
        ToolName = toolName;
        Decision = decision;
        SessionId = sessionId;
    }

    /// <summary>Gets the name of the tool that was called.</summary>
    public string ToolName { get; }

    /// <summary>Gets the whole decision.</summary>
    public EnforcementDecision Decision { get; }

    /// <summary>Gets the id of the call's session.</summary>
    public string? SessionId { get; }

    /// <summary>
    /// Gets the enforcer's explanation, for people and not for a model; <see langword="null"/> unless
    /// <see cref="ThothOptions.Explain"/> is on and the enforcer gave one.
    /// </summary>
    public Explanation? Explanation { get; init; }

    /// <summary>
    /// Gets the held call, which <see cref="IThothHolds"/> can resume; <see langword="null"/> if the enforcer cannot tell what became of it,
    /// because it does not implement <see cref="IHoldEnforcer"/>.
    /// </summary>
    public HeldCall? HeldCall { get; init; }

    /// <summary>Gets the token to poll the held call with. It is a secret and in no message.</summary>
    public string? HoldToken => Decision.HoldToken;

    /// <summary>Gets why the call needs an approval; a fixed text if the decision has no reason (contract §2.4).</summary>
    public string Reason => ReasonOf(Decision);

    /// <summary>
    /// Gets what a model may read in place of the tool's result: that the call waits for an approval, why, and what to do. At most 1,000
    /// characters, without an argument value.
    /// </summary>
    public string ModelText => ModelTexts.Held(ToolName, Reason);

    /// <summary>Gets how long the call stays held, counted from the decision and positive; <see langword="null"/> if the enforcer named no time.</summary>
    public TimeSpan? ExpiresIn => Decision.StepUpTimeout is { } timeout && timeout > TimeSpan.Zero ? timeout : null;

    private static string Describe(string toolName, EnforcementDecision decision)
    {
        ArgumentNullException.ThrowIfNull(toolName);
        ArgumentNullException.ThrowIfNull(decision);
        return $"Thoth holds tool '{SafeText.Of(toolName)}' for approval: {ReasonOf(decision)}";
    }

    internal static string ReasonOf(EnforcementDecision decision) =>
        string.IsNullOrWhiteSpace(decision.Reason) ? "approval required by Thoth policy" : decision.Reason;
}
