namespace Thoth.Interception;

/// <summary>Makes a decision of an answer's JSON (contract §1.2.2 to §1.2.4).</summary>
internal static class DecisionReader
{
    private const string Unusable = "unsupported authorization decision";

    /// <returns><see langword="null"/> where the body is no JSON object.</returns>
    public static EnforcementDecision? Read(ReadOnlyMemory<byte> json) =>
        WireObject.Read(json, static answer => Read(answer, Verdict.In(answer) ?? new Verdict(DecisionType.Block, SdkReasonCodes.UnsupportedDecision, null)));

    /// <summary>The answer's evidence around a verdict that is settled.</summary>
    public static EnforcementDecision Read(WireObject answer, Verdict verdict)
    {
        var evidence = answer.Object("decision_evidence", "decisionEvidence");
        var envelope = answer.Text("decision_envelope_version", "decisionEnvelopeVersion");
        if (evidence is null && answer.Inner("metadata") is { } metadata)
        {
            evidence = metadata.Object("decision_evidence", "decisionEvidence");
        }

        envelope ??= evidence is null ? null : WireObject.Of(evidence.Value).Text("decision_envelope_version", "decisionEnvelopeVersion");
        var modification = answer.Text("modification_reason", "modificationReason");
        var deferral = answer.Text("defer_reason", "deferReason");
        var unusable = verdict.SdkReasonCode == SdkReasonCodes.UnsupportedDecision;
        return new EnforcementDecision
        {
            Decision = verdict.Type,
            SdkReasonCode = verdict.SdkReasonCode,
            AuthorizationDecision = verdict.Word,
            DecisionReasonCode = answer.Text("decision_reason_code", "decisionReasonCode") ?? (unusable ? verdict.SdkReasonCode : null),
            ActionClassification = answer.Text("action_classification", "actionClassification"),
            Reason = ReasonIn(answer) ?? (verdict.Type switch
            {
                DecisionType.Modify => modification,
                DecisionType.Defer => deferral,
                _ => unusable ? Unusable : null,
            }),
            ViolationId = answer.Text("violation_id", "violationId"),
            HoldToken = answer.Text("hold_token", "holdToken"),
            RiskScore = answer.Number("risk_score", "riskScore"),
            LatencyMs = answer.Number("latency_ms", "latencyMs"),
            PackId = answer.Text("pack_id", "packId"),
            PackVersion = answer.Text("pack_version", "packVersion"),
            RuleVersion = answer.Integer("rule_version", "ruleVersion"),
            RegulatoryRegimes = answer.Texts("regulatory_regimes", "regulatoryRegimes"),
            MatchedRuleIds = answer.Texts("matched_rule_ids", "matchedRuleIds"),
            MatchedControlIds = answer.Texts("matched_control_ids", "matchedControlIds"),
            PolicyReferences = answer.Texts("policy_references", "policyReferences"),
            ModelSignals = answer.Texts("model_signals", "modelSignals"),
            Receipt = answer.Object("receipt"),
            TerminalReceipt = answer.Object("terminal_receipt", "terminalReceipt"),
            ModifiedToolArgs = answer.Object("modified_tool_args", "modifiedToolArgs"),
            ModificationReason = modification,
            DeferReason = deferral,
            DeferTimeoutSeconds = answer.SmallInteger("defer_timeout_seconds", "deferTimeoutSeconds"),
            StepUpTimeoutSeconds = answer.SmallInteger("step_up_timeout_seconds", "stepUpTimeoutSeconds"),
            DecisionEnvelopeVersion = envelope,
            EnforcementTraceId = answer.Text("enforcement_trace_id", "enforcementTraceId"),
            ActionAttestationId = answer.Text("action_attestation_id", "actionAttestationId"),
            FastMlFeatures = answer.Numbers("fastml_features", "fastmlFeatures"),
            ScoreComponents = answer.Object("score_components", "scoreComponents"),
            TopContributors = answer.Objects("top_contributors", "topContributors"),
            DecisionEvidence = evidence,
        };
    }

    private static string? ReasonIn(WireObject answer) =>
        answer.Text("reason") is { } reason && !string.IsNullOrWhiteSpace(reason) ? reason : null;
}
