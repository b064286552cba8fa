namespace Thoth.Enforcer.Serialization;

/// <summary>Turns decisions into responses.</summary>
internal static class ResponseWriter
{
    private const string EnvelopeVersion = "1";

    /// <param name="decision">The decision.</param>
    /// <param name="decisionId">Its id.</param>
    public static EnforceResponse Of(EnforcementDecision decision, string decisionId) => new()
    {
        Decision = WireNames.Of(decision.Type),
        AuthorizationDecision = WireNames.Of(decision.Type),
        DecisionReasonCode = decision.DecisionReasonCode,
        ActionClassification = decision.ActionClassification,
        Reason = decision.Reason,
        ViolationId = decision.Type is DecisionType.Allow or DecisionType.Modify ? null : ViolationIdOf(decisionId),
        HoldToken = decision.HoldToken,
        RiskScore = decision.Evidence.RiskScore,
        LatencyMs = decision.Evidence.Latency?.TotalMilliseconds,
        PackId = decision.Evidence.PackId,
        PackVersion = decision.Evidence.PackVersion,
        MatchedRuleIds = decision.MatchedRuleIds,
        MatchedControlIds = decision.Evidence.MatchedControlIds,
        Receipt = new Receipt($"rcpt_{decisionId}", decisionId),
        TerminalReceipt = decision.Evidence.TerminalReceipt,
        ModifiedToolArgs = decision.ModifiedToolArgs,
        ModificationReason = decision.ModificationReason,
        DeferReason = decision.DeferReason,
        DeferTimeoutSeconds = WholeSeconds(decision.DeferTimeout),
        StepUpTimeoutSeconds = WholeSeconds(decision.StepUpTimeout),
        DecisionEnvelopeVersion = EnvelopeVersion,
        EnforcementTraceId = decision.EnforcementTraceId,
        ActionAttestationId = decision.ActionAttestationId,
    };

    /// <summary>Gets the id under which SDKs and explanations refer to a decision other than ALLOW and MODIFY.</summary>
    public static string ViolationIdOf(string decisionId) => $"vio_{decisionId}";

    /// <returns>The decision's id, or <see langword="null"/> if this server did not create the text.</returns>
    public static string? DecisionIdOf(string violationId) =>
        violationId.StartsWith("vio_", StringComparison.Ordinal) ? violationId["vio_".Length..] : null;

    /// <summary>Rounds up, so that an SDK that waits as long never comes too early.</summary>
    private static long? WholeSeconds(TimeSpan? timeout) => timeout is { } value ? (long)Math.Ceiling(value.TotalSeconds) : null;
}
