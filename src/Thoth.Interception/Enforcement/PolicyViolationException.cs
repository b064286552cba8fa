using Thoth.Interception.Enforcement;
using Thoth.Interception.Serialization;

namespace Thoth.Interception;

/// <summary>
/// A governed call was refused and the tool did not run (contract §8). The message and <see cref="Reason"/> may be shown to a
/// model; they contain no argument value, key or token.
/// </summary>
/// <example>
/// <code>
/// try
/// {
///     return await tools.RefundAsync(orderId, amount);
/// }
/// catch (PolicyViolationException e)
/// {
///     logger.LogInformation("{Tool} was refused by {Rules}", e.ToolName, e.MatchedRuleIds);
///     return e.Message;
/// }
/// </code>
/// </example>
public class PolicyViolationException : ThothException
{
    /// <summary>Creates the exception for a refused call.</summary>
    /// <param name="toolName">The tool that was called.</param>
    /// <param name="decision">The decision that refused it.</param>
    /// <param name="sessionId">The session of the call.</param>
    /// <param name="innerException">The failure that the refusal comes from, if any.</param>
    /// <exception cref="ArgumentNullException"><paramref name="toolName"/> or <paramref name="decision"/> is <see langword="null"/>.</exception>
    public PolicyViolationException(
        string toolName, EnforcementDecision decision, string? sessionId = null, Exception? innerException = null)
        : this(Describe(toolName, decision), toolName, decision, sessionId, innerException)
    {
    }

    private protected PolicyViolationException(
        string message, string toolName, EnforcementDecision decision, string? sessionId, Exception? innerException)
        : base(message, innerException)
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

    /// <summary>Gets why the call was refused; a fixed text if the decision has no reason (contract §2.4).</summary>
    public string Reason => ReasonOf(Decision);

    /// <summary>
    /// Gets what a model may read in place of the tool's result: what did not run, why, and what to do. At most 1,000 characters, without
    /// an argument value.
    /// </summary>
    public virtual string ModelText => ModelTexts.Refused(ToolName, Decision);

    /// <inheritdoc cref="EnforcementDecision.ViolationId"/>
    public string? ViolationId => Decision.ViolationId;

    /// <inheritdoc cref="EnforcementDecision.DecisionReasonCode"/>
    public string? DecisionReasonCode => Decision.DecisionReasonCode;

    /// <inheritdoc cref="EnforcementDecision.ActionClassification"/>
    public string? ActionClassification => Decision.ActionClassification;

    /// <inheritdoc cref="EnforcementDecision.SdkReasonCode"/>
    public string? SdkReasonCode => Decision.SdkReasonCode;

    /// <inheritdoc cref="EnforcementDecision.MatchedRuleIds"/>
    public IReadOnlyList<string> MatchedRuleIds => Decision.MatchedRuleIds;

    private static string Describe(string toolName, EnforcementDecision decision)
    {
        ArgumentNullException.ThrowIfNull(toolName);
        ArgumentNullException.ThrowIfNull(decision);
        var message = $"Thoth blocked tool '{SafeText.Of(toolName)}': {ReasonOf(decision)}";
        return decision.ViolationId is { Length: > 0 } id ? $"{message} (violation_id={id})" : message;
    }

    private static string ReasonOf(EnforcementDecision decision)
    {
        if (decision.Type != DecisionType.Defer)
        {
            return string.IsNullOrWhiteSpace(decision.Reason) ? "blocked by Thoth policy" : decision.Reason;
        }

        var reason = FirstNonBlank(decision.DeferReason, decision.Reason, "deferred pending additional context");
        return decision.DeferTimeout is { } timeout && timeout > TimeSpan.Zero ? $"{reason} (retry in {timeout.ToWholeSeconds()}s)" : reason;
    }

    private static string FirstNonBlank(string? first, string? second, string fallback) =>
        !string.IsNullOrWhiteSpace(first) ? first : !string.IsNullOrWhiteSpace(second) ? second : fallback;
}
