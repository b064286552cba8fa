using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// An enforcer's answer (contract §1.2.2). Immutable, so an enforcer may answer many calls with one instance.
/// Absent evidence is <see langword="null"/>; lists are never <see langword="null"/>.
/// </summary>
public sealed record EnforcementDecision
{
    // Most decisions have none of these, and each waits with its event in the queue: as objects they take a third of the room.
    private readonly object? _receipt;
    private readonly object? _terminalReceipt;
    private readonly object? _modifiedToolArgs;
    private readonly object? _scoreComponents;
    private readonly object? _decisionEvidence;

    /// <summary>The verdict.</summary>
    public required DecisionType Type { get; init; }

    /// <summary>The enforcer's own word for the verdict, kept as it was for reporting.</summary>
    public string? AuthorizationDecision { get; init; }

    /// <summary>The policy's stable code for the verdict.</summary>
    public string? DecisionReasonCode { get; init; }

    /// <summary>What kind of action the enforcer took the call for: read, write, execute and so on.</summary>
    public string? ActionClassification { get; init; }

    /// <summary>The reason in words.</summary>
    public string? Reason { get; init; }

    /// <summary>The id under which the violation is on record.</summary>
    public string? ViolationId { get; init; }

    /// <summary>STEP_UP: the token under which the held call is asked for. A secret: never logged or put in a message.</summary>
    public string? HoldToken { get; init; }

    /// <summary>The enforcer's risk score; its scale is the enforcer's own.</summary>
    public double? RiskScore { get; init; }

    /// <summary>How long the enforcer took, in milliseconds.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>The policy pack that decided.</summary>
    public string? PackId { get; init; }

    /// <summary>The policy pack's version.</summary>
    public string? PackVersion { get; init; }

    /// <summary>The deciding rule's version.</summary>
    public long? RuleVersion { get; init; }

    /// <summary>Regulations that the decision refers to.</summary>
    public IReadOnlyList<string> RegulatoryRegimes { get; init; } = [];

    /// <summary>The rules that matched.</summary>
    public IReadOnlyList<string> MatchedRuleIds { get; init; } = [];

    /// <summary>The controls that matched.</summary>
    public IReadOnlyList<string> MatchedControlIds { get; init; } = [];

    /// <summary>The policies that the decision refers to.</summary>
    public IReadOnlyList<string> PolicyReferences { get; init; } = [];

    /// <summary>Signals of the enforcer's models.</summary>
    public IReadOnlyList<string> ModelSignals { get; init; } = [];

    /// <summary>The decision's receipt.</summary>
    public JsonElement? Receipt
    {
        get => (JsonElement?)_receipt;
        init => _receipt = value;
    }

    /// <summary>The receipt of a resolved hold.</summary>
    public JsonElement? TerminalReceipt
    {
        get => (JsonElement?)_terminalReceipt;
        init => _terminalReceipt = value;
    }

    /// <summary>MODIFY: the arguments to run with; they replace the call's own and are never merged (contract §4).</summary>
    public JsonElement? ModifiedToolArgs
    {
        get => (JsonElement?)_modifiedToolArgs;
        init => _modifiedToolArgs = value;
    }

    /// <summary>MODIFY: why the arguments were changed.</summary>
    public string? ModificationReason { get; init; }

    /// <summary>DEFER: why the call was deferred.</summary>
    public string? DeferReason { get; init; }

    /// <summary>DEFER: the enforcer's hint when to try again, in seconds.</summary>
    public int? DeferTimeoutSeconds { get; init; }

    /// <summary>STEP_UP: how long the call stays held, in seconds. It may shorten the configured timeout, never extend it.</summary>
    public int? StepUpTimeoutSeconds { get; init; }

    /// <summary>The version of the decision's envelope.</summary>
    public string? DecisionEnvelopeVersion { get; init; }

    /// <summary>The trace that the answer belongs to; a different one than the request's blocks the call (contract §1.2.6).</summary>
    public string? EnforcementTraceId { get; init; }

    /// <summary>The action that the answer belongs to; a different one than the request's blocks the call (contract §1.2.6).</summary>
    public string? ActionAttestationId { get; init; }

    /// <summary>The feature vector that was scored.</summary>
    public IReadOnlyDictionary<string, double>? FastMlFeatures { get; init; }

    /// <summary>The parts of the risk score.</summary>
    public JsonElement? ScoreComponents
    {
        get => (JsonElement?)_scoreComponents;
        init => _scoreComponents = value;
    }

    /// <summary>The features that weighed most.</summary>
    public IReadOnlyList<JsonElement> TopContributors { get; init; } = [];

    /// <summary>The evidence behind the decision.</summary>
    public JsonElement? DecisionEvidence
    {
        get => (JsonElement?)_decisionEvidence;
        init => _decisionEvidence = value;
    }

    /// <summary>Set where this library, not the enforcer, made or changed the verdict: one of <see cref="SdkReasonCodes"/>.</summary>
    public string? SdkReasonCode { get; init; }

    /// <summary>A refusal that this library makes itself.</summary>
    /// <param name="sdkReasonCode">One of <see cref="SdkReasonCodes"/>.</param>
    /// <param name="reason">The reason in words; it may reach a model, so it must hold no argument and no secret.</param>
    /// <returns>A <see cref="DecisionType.Block"/> decision.</returns>
    public static EnforcementDecision Refuse(string sdkReasonCode, string reason) => new()
    {
        Type = DecisionType.Block,
        SdkReasonCode = sdkReasonCode,
        DecisionReasonCode = sdkReasonCode,
        Reason = reason,
    };

    /// <summary>The verdict and its code; never a token, an argument or a reason.</summary>
    /// <returns>A text that is safe to log.</returns>
    public override string ToString() => DecisionReasonCode is null ? VerdictName : $"{VerdictName} ({DecisionReasonCode})";

    internal string VerdictName => Type switch
    {
        DecisionType.Allow => "ALLOW",
        DecisionType.StepUp => "STEP_UP",
        DecisionType.Modify => "MODIFY",
        DecisionType.Defer => "DEFER",
        _ => "BLOCK",
    };
}
