using System.Text.Json;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>Makes a decision of an answer's JSON (contract §1.2.2 to §1.2.4).</summary>
internal static class DecisionReader
{
    private const string Unusable = "unsupported authorization decision";

    /// <returns><see langword="null"/> where the body is no JSON object.</returns>
    public static EnforcementDecision? Read(ReadOnlyMemory<byte> json) =>
        ResponseReader.Read(json, static answer => Read(answer, VerdictReader.In(answer) ?? new VerdictReader(DecisionType.Block, SdkReasonCodes.UnsupportedDecision, null)));

    /// <summary>The answer's evidence around a verdict that is settled.</summary>
    public static EnforcementDecision Read(ResponseReader answer, VerdictReader verdict)
    {
        var evidence = answer.Object(ResponseProperty.DecisionEvidence)
            ?? (ResponseReader.MemberOf(answer.Object(ResponseProperty.Metadata), ResponseProperty.DecisionEvidence) is { ValueKind: JsonValueKind.Object } inner ? inner : null);
        var envelope = answer.Text(ResponseProperty.DecisionEnvelopeVersion)
            ?? RawJsonValue.Of(ResponseReader.MemberOf(evidence, ResponseProperty.DecisionEnvelopeVersion)).NonEmptyText();
        var modification = answer.Text(ResponseProperty.ModificationReason);
        var deferral = answer.Text(ResponseProperty.DeferReason);
        var unusable = verdict.SdkReasonCode == SdkReasonCodes.UnsupportedDecision;
        return new EnforcementDecision
        {
            Type = verdict.Type,
            SdkReasonCode = verdict.SdkReasonCode,
            AuthorizationDecision = verdict.Word,
            DecisionReasonCode = answer.Text(ResponseProperty.DecisionReasonCode) ?? (unusable ? verdict.SdkReasonCode : null),
            ActionClassification = answer.Text(ResponseProperty.ActionClassification),
            Reason = ReasonIn(answer) ?? (verdict.Type switch
            {
                DecisionType.Modify => modification,
                DecisionType.Defer => deferral,
                _ => unusable ? Unusable : null,
            }),
            ViolationId = answer.Text(ResponseProperty.ViolationId),
            HoldToken = answer.Text(ResponseProperty.HoldToken),
            RiskScore = answer.Number(ResponseProperty.RiskScore),
            LatencyMs = answer.Number(ResponseProperty.LatencyMs),
            PackId = answer.Text(ResponseProperty.PackId),
            PackVersion = answer.Text(ResponseProperty.PackVersion),
            RuleVersion = answer.Integer(ResponseProperty.RuleVersion),
            RegulatoryRegimes = answer.Texts(ResponseProperty.RegulatoryRegimes),
            MatchedRuleIds = answer.Texts(ResponseProperty.MatchedRuleIds),
            MatchedControlIds = answer.Texts(ResponseProperty.MatchedControlIds),
            PolicyReferences = answer.Texts(ResponseProperty.PolicyReferences),
            ModelSignals = answer.Texts(ResponseProperty.ModelSignals),
            Receipt = answer.Object(ResponseProperty.Receipt),
            TerminalReceipt = answer.Object(ResponseProperty.TerminalReceipt),
            ModifiedToolArgs = answer.Object(ResponseProperty.ModifiedToolArgs),
            ModificationReason = modification,
            DeferReason = deferral,
            DeferTimeoutSeconds = answer.SmallInteger(ResponseProperty.DeferTimeoutSeconds),
            StepUpTimeoutSeconds = answer.SmallInteger(ResponseProperty.StepUpTimeoutSeconds),
            DecisionEnvelopeVersion = envelope,
            EnforcementTraceId = answer.Text(ResponseProperty.EnforcementTraceId),
            ActionAttestationId = answer.Text(ResponseProperty.ActionAttestationId),
            FastMlFeatures = answer.Numbers(ResponseProperty.FastmlFeatures),
            ScoreComponents = answer.Object(ResponseProperty.ScoreComponents),
            TopContributors = answer.Objects(ResponseProperty.TopContributors),
            DecisionEvidence = evidence,
        };
    }

    private static string? ReasonIn(ResponseReader answer) =>
        answer.Text(ResponseProperty.Reason) is { } reason && !string.IsNullOrWhiteSpace(reason) ? reason : null;
}
