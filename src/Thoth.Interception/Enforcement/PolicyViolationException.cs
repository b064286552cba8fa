using System.Text.Json;

namespace Thoth.Interception;

/// <summary>A governed call was refused and the tool did not run (contract §8).</summary>
public class PolicyViolationException : ThothException
{
    /// <summary>Creates the exception for a refused call.</summary>
    /// <param name="toolName">The tool that was called.</param>
    /// <param name="decision">The decision that refused it.</param>
    /// <param name="sessionId">The session of the call.</param>
    /// <param name="innerException">What failed, where the refusal comes from a failure.</param>
    public PolicyViolationException(
        string toolName, EnforcementDecision decision, string? sessionId = null, Exception? innerException = null)
        : base(Describe(toolName, decision), innerException)
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

    /// <summary>Why the call was refused (contract §2.4).</summary>
    public string Reason => ReasonOf(Decision);

    /// <summary>The enforcer's own word for the verdict, else the verdict.</summary>
    public string AuthorizationDecision => Decision.AuthorizationDecision ?? Decision.VerdictName;

    /// <inheritdoc cref="EnforcementDecision.ViolationId"/>
    public string? ViolationId => Decision.ViolationId;

    /// <inheritdoc cref="EnforcementDecision.DecisionReasonCode"/>
    public string? DecisionReasonCode => Decision.DecisionReasonCode;

    /// <inheritdoc cref="EnforcementDecision.ActionClassification"/>
    public string? ActionClassification => Decision.ActionClassification;

    /// <inheritdoc cref="EnforcementDecision.SdkReasonCode"/>
    public string? SdkReasonCode => Decision.SdkReasonCode;

    /// <inheritdoc cref="EnforcementDecision.DeferTimeoutSeconds"/>
    public int? DeferTimeoutSeconds => Decision.DeferTimeoutSeconds;

    /// <inheritdoc cref="EnforcementDecision.StepUpTimeoutSeconds"/>
    public int? StepUpTimeoutSeconds => Decision.StepUpTimeoutSeconds;

    /// <inheritdoc cref="EnforcementDecision.RiskScore"/>
    public double? RiskScore => Decision.RiskScore;

    /// <inheritdoc cref="EnforcementDecision.LatencyMs"/>
    public double? LatencyMs => Decision.LatencyMs;

    /// <inheritdoc cref="EnforcementDecision.PackId"/>
    public string? PackId => Decision.PackId;

    /// <inheritdoc cref="EnforcementDecision.PackVersion"/>
    public string? PackVersion => Decision.PackVersion;

    /// <inheritdoc cref="EnforcementDecision.RuleVersion"/>
    public long? RuleVersion => Decision.RuleVersion;

    /// <inheritdoc cref="EnforcementDecision.RegulatoryRegimes"/>
    public IReadOnlyList<string> RegulatoryRegimes => Decision.RegulatoryRegimes;

    /// <inheritdoc cref="EnforcementDecision.MatchedRuleIds"/>
    public IReadOnlyList<string> MatchedRuleIds => Decision.MatchedRuleIds;

    /// <inheritdoc cref="EnforcementDecision.MatchedControlIds"/>
    public IReadOnlyList<string> MatchedControlIds => Decision.MatchedControlIds;

    /// <inheritdoc cref="EnforcementDecision.PolicyReferences"/>
    public IReadOnlyList<string> PolicyReferences => Decision.PolicyReferences;

    /// <inheritdoc cref="EnforcementDecision.ModelSignals"/>
    public IReadOnlyList<string> ModelSignals => Decision.ModelSignals;

    /// <inheritdoc cref="EnforcementDecision.Receipt"/>
    public JsonElement? Receipt => Decision.Receipt;

    /// <inheritdoc cref="EnforcementDecision.TerminalReceipt"/>
    public JsonElement? TerminalReceipt => Decision.TerminalReceipt;

    /// <inheritdoc cref="EnforcementDecision.DecisionEnvelopeVersion"/>
    public string? DecisionEnvelopeVersion => Decision.DecisionEnvelopeVersion;

    /// <inheritdoc cref="EnforcementDecision.EnforcementTraceId"/>
    public string? EnforcementTraceId => Decision.EnforcementTraceId;

    /// <inheritdoc cref="EnforcementDecision.ActionAttestationId"/>
    public string? ActionAttestationId => Decision.ActionAttestationId;

    /// <inheritdoc cref="EnforcementDecision.FastMlFeatures"/>
    public IReadOnlyDictionary<string, double>? FastMlFeatures => Decision.FastMlFeatures;

    /// <inheritdoc cref="EnforcementDecision.ScoreComponents"/>
    public JsonElement? ScoreComponents => Decision.ScoreComponents;

    /// <inheritdoc cref="EnforcementDecision.TopContributors"/>
    public IReadOnlyList<JsonElement> TopContributors => Decision.TopContributors;

    /// <inheritdoc cref="EnforcementDecision.DecisionEvidence"/>
    public JsonElement? DecisionEvidence => Decision.DecisionEvidence;

    private static string Describe(string toolName, EnforcementDecision decision)
    {
        ArgumentNullException.ThrowIfNull(toolName);
        ArgumentNullException.ThrowIfNull(decision);
        var message = $"Thoth blocked tool '{toolName}': {ReasonOf(decision)}";
        return decision.ViolationId is { Length: > 0 } id ? $"{message} (violation_id={id})" : message;
    }

    private static string ReasonOf(EnforcementDecision decision)
    {
        if (decision.Type != DecisionType.Defer)
        {
            return string.IsNullOrWhiteSpace(decision.Reason) ? "blocked by Thoth policy" : decision.Reason;
        }

        var reason = FirstOf(decision.DeferReason, decision.Reason, "deferred pending additional context");
        return decision.DeferTimeoutSeconds is > 0 and var seconds ? $"{reason} (retry in {seconds}s)" : reason;
    }

    private static string FirstOf(string? first, string? second, string otherwise) =>
        !string.IsNullOrWhiteSpace(first) ? first : !string.IsNullOrWhiteSpace(second) ? second : otherwise;
}
