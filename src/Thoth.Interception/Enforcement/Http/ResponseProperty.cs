namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// The properties of responses that are read. Their names on the wire are derived from the names here: <c>FastmlFeatures</c>
/// is <c>fastml_features</c>.
/// </summary>
internal enum ResponseProperty
{
    // Verdicts and evidence (contract §1.2.2).
    Decision,
    AuthorizationDecision,
    DecisionReasonCode,
    ActionClassification,
    Reason,
    ViolationId,
    HoldToken,
    RiskScore,
    LatencyMs,
    PackId,
    PackVersion,
    RuleVersion,
    RegulatoryRegimes,
    MatchedRuleIds,
    MatchedControlIds,
    PolicyReferences,
    ModelSignals,
    Receipt,
    TerminalReceipt,
    ModifiedToolArgs,
    ModificationReason,
    DeferReason,
    DeferTimeoutSeconds,
    StepUpTimeoutSeconds,
    DecisionEnvelopeVersion,
    EnforcementTraceId,
    ActionAttestationId,
    FastmlFeatures,
    ScoreComponents,
    TopContributors,
    DecisionEvidence,
    Metadata,

    // Holds (contract §3.3).
    Resolved,
    Resolution,

    // Explanations (contract §1.5).
    WhatHappened,
    WhyItWasBlocked,
    WhatToDoNext,
    BusinessImpact,
    Severity,
    TenantId,
    SessionId,
    AgentId,
    UserId,
    ToolName,
    RequestUrl,
    Timestamp,
    RegulatoryContext,
}
