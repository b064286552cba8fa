using System.Text.Json;

namespace Thoth.Enforcer.Serialization;

/// <summary>The response to <c>POST /v1/enforce</c> (contract §1.2.2). Fields that do not apply are left out.</summary>
internal record EnforceResponse
{
    /// <summary>ALLOW, BLOCK, STEP_UP, MODIFY or DEFER.</summary>
    public required string Decision { get; init; }

    /// <summary>The same value: SDKs differ in which of the two they read.</summary>
    public required string AuthorizationDecision { get; init; }

    /// <summary>The policy's stable code.</summary>
    public string? DecisionReasonCode { get; init; }

    /// <summary>read, write, delete or execute.</summary>
    public string? ActionClassification { get; init; }

    /// <summary>The reason as text.</summary>
    public string? Reason { get; init; }

    /// <summary>The id of a recorded refusal.</summary>
    public string? ViolationId { get; init; }

    /// <summary>STEP_UP: the token to poll with.</summary>
    public string? HoldToken { get; init; }

    /// <summary>The risk on the policy author's scale.</summary>
    public double? RiskScore { get; init; }

    /// <summary>How long the decision took, in milliseconds.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>The policy's id.</summary>
    public string? PackId { get; init; }

    /// <summary>The policy's version.</summary>
    public string? PackVersion { get; init; }

    /// <summary>The rules that decided.</summary>
    public IReadOnlyList<string> MatchedRuleIds { get; init; } = [];

    /// <summary>The controls that decided, such as the approved scope.</summary>
    public IReadOnlyList<string> MatchedControlIds { get; init; } = [];

    /// <summary>The recorded decision.</summary>
    public Receipt? Receipt { get; init; }

    /// <summary>A resolved hold: who decided it, and when.</summary>
    public JsonElement? TerminalReceipt { get; init; }

    /// <summary>MODIFY: the arguments to run with.</summary>
    public JsonElement? ModifiedToolArgs { get; init; }

    /// <summary>MODIFY: why they were changed.</summary>
    public string? ModificationReason { get; init; }

    /// <summary>DEFER: why.</summary>
    public string? DeferReason { get; init; }

    /// <summary>DEFER: when to retry, in seconds.</summary>
    public long? DeferTimeoutSeconds { get; init; }

    /// <summary>STEP_UP: how long the call is held, in seconds.</summary>
    public long? StepUpTimeoutSeconds { get; init; }

    /// <summary>The version of this response's shape.</summary>
    public string? DecisionEnvelopeVersion { get; init; }

    /// <summary>The request's, if it had one.</summary>
    public string? EnforcementTraceId { get; init; }

    /// <summary>The request's, if it had one.</summary>
    public string? ActionAttestationId { get; init; }

    /// <summary>Reads the decision that was stored as this response.</summary>
    public EnforcementDecision ToDecision() => new()
    {
        Type = WireNames.DecisionOf(Decision),
        DecisionReasonCode = DecisionReasonCode,
        ActionClassification = ActionClassification,
        Reason = Reason,
        ViolationId = ViolationId,
        HoldToken = HoldToken,
        MatchedRuleIds = MatchedRuleIds,
        ModifiedToolArgs = ModifiedToolArgs,
        ModificationReason = ModificationReason,
        DeferReason = DeferReason,
        DeferTimeout = Seconds(DeferTimeoutSeconds),
        StepUpTimeout = Seconds(StepUpTimeoutSeconds),
        EnforcementTraceId = EnforcementTraceId,
        ActionAttestationId = ActionAttestationId,
        Evidence = new EnforcementEvidence
        {
            RiskScore = RiskScore,
            Latency = LatencyMs is { } latency ? TimeSpan.FromMilliseconds(latency) : null,
            PackId = PackId,
            PackVersion = PackVersion,
            MatchedControlIds = MatchedControlIds,
            TerminalReceipt = TerminalReceipt,
            DecisionEnvelopeVersion = DecisionEnvelopeVersion,
        },
    };

    private static TimeSpan? Seconds(long? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
}
