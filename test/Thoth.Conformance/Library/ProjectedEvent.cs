using System.Text;
using System.Text.Json;
using Thoth.Interception;
using Thoth.Interception.Serialization;

namespace Thoth.Conformance.Library;

/// <summary>An event as a case writes it, made into the library's own.</summary>
internal static class ProjectedEvent
{
    private static readonly string[] s_decision =
    [
        "authorization_decision", "decision_reason_code", "action_classification", "pack_id", "pack_version", "decision_envelope_version",
        "risk_score", "latency_ms", "rule_version", "defer_timeout_seconds", "step_up_timeout_seconds", "regulatory_regimes",
        "matched_rule_ids", "matched_control_ids", "policy_references", "model_signals", "receipt", "terminal_receipt", "decision_evidence",
    ];

    public static BehavioralEvent Of(JsonElement e)
    {
        var metadata = JsonMatch.Member(e, "metadata") ?? JsonMatch.ToJson(new { });
        var id = Text(e, "event_id");
        var type = TypeOf(Text(e, "event_type") ?? "TOOL_CALL_PRE");
        var occurredAt = Text(e, "occurred_at") is { } time ? DateTimeOffset.Parse(time, null) : DateTimeOffset.UnixEpoch;
        var request = RequestOf(e, metadata, occurredAt);
        return new BehavioralEvent(type, request)
        {
            EventId = id ?? Guid.NewGuid().ToString(),
            OccurredAt = occurredAt,
            Phase = Enum.Parse<EventPhase>(Text(metadata, "event_phase") ?? "pre", ignoreCase: true),
            Decision = s_decision.Any(key => JsonMatch.Member(metadata, key) is not null) ? DecisionOf(e, metadata) : null,
            Duration = Milliseconds(metadata, "duration_ms"),
            ResultType = Text(metadata, "result_type"),
            ResultSizeBytes = (long?)Number(metadata, "result_size_bytes"),
            ErrorType = Text(metadata, "error_type"),
            CapturedArguments = Encoding.UTF8.GetBytes(metadata.GetRawText()),
        };
    }

    private static EnforcementRequest RequestOf(JsonElement e, JsonElement metadata, DateTimeOffset occurredAt) => new()
    {
        ToolName = Text(e, "tool_name") ?? "",
        SessionToolCalls = Texts(e, "session_tool_calls"),
        OccurredAt = occurredAt,
        ActionAttestationId = Text(metadata, "action_attestation_id") ?? Guid.NewGuid().ToString(),
        Arguments = Encoding.UTF8.GetBytes(JsonMatch.Member(metadata, "tool_args")?.GetRawText() ?? "{}"),
        Context = new EnforcementContext
        {
            TenantId = Text(e, "tenant_id") ?? "tenant-1",
            AgentId = Text(e, "agent_id") ?? "",
            UserId = Text(e, "user_id") ?? "system",
            SessionId = Text(e, "session_id") ?? "session-1",
            EnforcementTraceId = Text(metadata, "enforcement_trace_id") ?? "trace-1",
            ApprovedScope = Texts(e, "approved_scope"),
            Mode = VectorOptions.ModeOf(Text(e, "enforcement_mode") ?? "block"),
            Environment = Text(metadata, "environment") ?? "prod",
            Purpose = Text(e, "purpose"),
            DataClassification = Text(e, "data_classification"),
            SessionIntent = Text(e, "content"),
            TaskContext = new TaskContext { InitiatedBy = Text(e, "initiated_by"), TaskId = Text(e, "task_id"), Chain = [.. Texts(e, "delegation_chain")] },
            AuthContext = e,
            DelegationContext = e,
            Metadata = e,
        },
    };

    private static EnforcementDecision DecisionOf(JsonElement e, JsonElement metadata) => new()
    {
        Type = Text(metadata, "authorization_decision") is { } word
            ? Enum.Parse<DecisionType>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true)
            : DecisionType.Allow,
        AuthorizationDecision = Text(metadata, "authorization_decision"),
        DecisionReasonCode = Text(metadata, "decision_reason_code"),
        ActionClassification = Text(metadata, "action_classification"),
        ViolationId = Text(e, "violation_id"),
        Reason = metadata.GetRawText(),
        ModificationReason = metadata.GetRawText(),
        DeferReason = metadata.GetRawText(),
        HoldToken = metadata.GetRawText(),
        ModifiedToolArgs = metadata,
        DeferTimeout = Seconds(metadata, "defer_timeout_seconds"),
        StepUpTimeout = Seconds(metadata, "step_up_timeout_seconds"),
        MatchedRuleIds = Texts(metadata, "matched_rule_ids"),
        Evidence = new()
        {
            ScoreComponents = metadata,
            TopContributors = [metadata],
            RiskScore = Number(metadata, "risk_score"),
            Latency = Milliseconds(metadata, "latency_ms"),
            PackId = Text(metadata, "pack_id"),
            PackVersion = Text(metadata, "pack_version"),
            RuleVersion = (long?)Number(metadata, "rule_version"),
            DecisionEnvelopeVersion = Text(metadata, "decision_envelope_version"),
            RegulatoryRegimes = Texts(metadata, "regulatory_regimes"),
            MatchedControlIds = Texts(metadata, "matched_control_ids"),
            PolicyReferences = Texts(metadata, "policy_references"),
            ModelSignals = Texts(metadata, "model_signals"),
            Receipt = JsonMatch.Member(metadata, "receipt"),
            TerminalReceipt = JsonMatch.Member(metadata, "terminal_receipt"),
            DecisionEvidence = JsonMatch.Member(metadata, "decision_evidence"),
        },
    };

    private static BehavioralEventType TypeOf(string word) => Enum.Parse<BehavioralEventType>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private static string? Text(JsonElement json, string name) =>
        JsonMatch.Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static IReadOnlyList<string> Texts(JsonElement json, string name) =>
        JsonMatch.Member(json, name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];

    private static TimeSpan? Milliseconds(JsonElement json, string name) =>
        Number(json, name) is { } milliseconds ? WireDuration.FromMilliseconds(milliseconds) : null;

    private static TimeSpan? Seconds(JsonElement json, string name) => Number(json, name) is { } seconds ? TimeSpan.FromSeconds((int)seconds) : null;

    private static double? Number(JsonElement json, string name) => JsonMatch.Member(json, name) switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble(),
        { ValueKind: JsonValueKind.String } text when text.GetString() == VectorArguments.Infinity => double.PositiveInfinity,
        _ => null,
    };
}
