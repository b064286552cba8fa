namespace Thoth.Interception.Enforcement.Http;

/// <summary>
/// The members of answers that are read. Their spelling on the wire is made of the names here, so <c>FastmlFeatures</c> is
/// <c>fastml_features</c>.
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
