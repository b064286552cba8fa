using System.Text.Json;

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
        var evidence = answer.Object(WireField.DecisionEvidence)
            ?? (WireObject.MemberOf(answer.Object(WireField.Metadata), WireField.DecisionEvidence) is { ValueKind: JsonValueKind.Object } inner ? inner : null);
        var envelope = answer.Text(WireField.DecisionEnvelopeVersion)
            ?? WireValue.Of(WireObject.MemberOf(evidence, WireField.DecisionEnvelopeVersion)).NonEmptyText();
        var modification = answer.Text(WireField.ModificationReason);
        var deferral = answer.Text(WireField.DeferReason);
        var unusable = verdict.SdkReasonCode == SdkReasonCodes.UnsupportedDecision;
        return new EnforcementDecision
        {
            Decision = verdict.Type,
            SdkReasonCode = verdict.SdkReasonCode,
            AuthorizationDecision = verdict.Word,
            DecisionReasonCode = answer.Text(WireField.DecisionReasonCode) ?? (unusable ? verdict.SdkReasonCode : null),
            ActionClassification = answer.Text(WireField.ActionClassification),
            Reason = ReasonIn(answer) ?? (verdict.Type switch
            {
                DecisionType.Modify => modification,
                DecisionType.Defer => deferral,
                _ => unusable ? Unusable : null,
            }),
            ViolationId = answer.Text(WireField.ViolationId),
            HoldToken = answer.Text(WireField.HoldToken),
            RiskScore = answer.Number(WireField.RiskScore),
            LatencyMs = answer.Number(WireField.LatencyMs),
            PackId = answer.Text(WireField.PackId),
            PackVersion = answer.Text(WireField.PackVersion),
            RuleVersion = answer.Integer(WireField.RuleVersion),
            RegulatoryRegimes = answer.Texts(WireField.RegulatoryRegimes),
            MatchedRuleIds = answer.Texts(WireField.MatchedRuleIds),
            MatchedControlIds = answer.Texts(WireField.MatchedControlIds),
            PolicyReferences = answer.Texts(WireField.PolicyReferences),
            ModelSignals = answer.Texts(WireField.ModelSignals),
            Receipt = answer.Object(WireField.Receipt),
            TerminalReceipt = answer.Object(WireField.TerminalReceipt),
            ModifiedToolArgs = answer.Object(WireField.ModifiedToolArgs),
            ModificationReason = modification,
            DeferReason = deferral,
            DeferTimeoutSeconds = answer.SmallInteger(WireField.DeferTimeoutSeconds),
            StepUpTimeoutSeconds = answer.SmallInteger(WireField.StepUpTimeoutSeconds),
            DecisionEnvelopeVersion = envelope,
            EnforcementTraceId = answer.Text(WireField.EnforcementTraceId),
            ActionAttestationId = answer.Text(WireField.ActionAttestationId),
            FastMlFeatures = answer.Numbers(WireField.FastmlFeatures),
            ScoreComponents = answer.Object(WireField.ScoreComponents),
            TopContributors = answer.Objects(WireField.TopContributors),
            DecisionEvidence = evidence,
        };
    }

    private static string? ReasonIn(WireObject answer) =>
        answer.Text(WireField.Reason) is { } reason && !string.IsNullOrWhiteSpace(reason) ? reason : null;
}
