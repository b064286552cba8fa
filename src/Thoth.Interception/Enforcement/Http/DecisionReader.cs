using System.Text.Json;

namespace Thoth.Interception.Enforcement.Http;

/// <summary>Reads a decision from the JSON of a response (contract §1.2.2 to §1.2.4).</summary>
internal static class DecisionReader
{
    private const string UnsupportedReason = "unsupported authorization decision";

    /// <summary>The properties of <see cref="EnforcementEvidence"/>: most responses have none, and then no object is made for them.</summary>
    private static readonly UInt128 s_evidence = ResponsePropertyIndex.SlotsOf(
        ResponseProperty.RiskScore, ResponseProperty.LatencyMs, ResponseProperty.PackId, ResponseProperty.PackVersion, ResponseProperty.RuleVersion,
        ResponseProperty.RegulatoryRegimes, ResponseProperty.MatchedControlIds, ResponseProperty.PolicyReferences, ResponseProperty.ModelSignals,
        ResponseProperty.Receipt, ResponseProperty.TerminalReceipt, ResponseProperty.DecisionEnvelopeVersion, ResponseProperty.FastmlFeatures,
        ResponseProperty.ScoreComponents, ResponseProperty.TopContributors, ResponseProperty.DecisionEvidence, ResponseProperty.Metadata);

    /// <returns>The decision, or <see langword="null"/> if the body is not a JSON object.</returns>
    public static EnforcementDecision? Read(ReadOnlyMemory<byte> json) => ResponseReader.Read(
        json,
        static response => Read(response, VerdictReader.In(response) ?? new VerdictReader(DecisionType.Block, SdkReasonCodes.UnsupportedDecision, null)));

    /// <summary>The decision with a verdict that is already read.</summary>
    public static EnforcementDecision Read(ResponseReader response, VerdictReader verdict)
    {
        var modification = response.Text(ResponseProperty.ModificationReason);
        var deferral = response.Text(ResponseProperty.DeferReason);
        var isUnsupported = verdict.SdkReasonCode == SdkReasonCodes.UnsupportedDecision;
        return new EnforcementDecision
        {
            Type = verdict.Type,
            SdkReasonCode = verdict.SdkReasonCode,
            AuthorizationDecision = verdict.AuthorizationDecision,
            DecisionReasonCode = response.Text(ResponseProperty.DecisionReasonCode) ?? (isUnsupported ? verdict.SdkReasonCode : null),
            ActionClassification = response.Text(ResponseProperty.ActionClassification),
            Reason = ReasonIn(response) ?? (verdict.Type switch
            {
                DecisionType.Modify => modification,
                DecisionType.Defer => deferral,
                _ => isUnsupported ? UnsupportedReason : null,
            }),
            ViolationId = response.Text(ResponseProperty.ViolationId),
            MatchedRuleIds = response.Texts(ResponseProperty.MatchedRuleIds),
            EnforcementTraceId = response.EchoedId(ResponseProperty.EnforcementTraceId),
            ActionAttestationId = response.EchoedId(ResponseProperty.ActionAttestationId),
            HoldToken = response.Text(ResponseProperty.HoldToken),
            StepUpTimeout = response.Seconds(ResponseProperty.StepUpTimeoutSeconds),
            ModifiedToolArgs = response.Object(ResponseProperty.ModifiedToolArgs),
            ModificationReason = modification,
            DeferReason = deferral,
            DeferTimeout = response.Seconds(ResponseProperty.DeferTimeoutSeconds),
            Evidence = response.HasAnyOf(s_evidence) ? EvidenceIn(response) : EnforcementEvidence.Empty,
        };
    }

    private static EnforcementEvidence EvidenceIn(ResponseReader response)
    {
        var document = response.Object(ResponseProperty.DecisionEvidence)
            ?? (ResponseReader.MemberOf(response.Object(ResponseProperty.Metadata), ResponseProperty.DecisionEvidence) is { ValueKind: JsonValueKind.Object } inner ? inner : null);
        return new EnforcementEvidence
        {
            RiskScore = response.Number(ResponseProperty.RiskScore),
            Latency = response.Milliseconds(ResponseProperty.LatencyMs),
            PackId = response.Text(ResponseProperty.PackId),
            PackVersion = response.Text(ResponseProperty.PackVersion),
            RuleVersion = response.Integer(ResponseProperty.RuleVersion),
            RegulatoryRegimes = response.Texts(ResponseProperty.RegulatoryRegimes),
            MatchedControlIds = response.Texts(ResponseProperty.MatchedControlIds),
            PolicyReferences = response.Texts(ResponseProperty.PolicyReferences),
            ModelSignals = response.Texts(ResponseProperty.ModelSignals),
            Receipt = response.Object(ResponseProperty.Receipt),
            TerminalReceipt = response.Object(ResponseProperty.TerminalReceipt),
            DecisionEnvelopeVersion = response.Text(ResponseProperty.DecisionEnvelopeVersion)
                ?? RawJsonValue.Of(ResponseReader.MemberOf(document, ResponseProperty.DecisionEnvelopeVersion)).NonEmptyText(),
            FastMlFeatures = response.Numbers(ResponseProperty.FastmlFeatures),
            ScoreComponents = response.Object(ResponseProperty.ScoreComponents),
            TopContributors = response.Objects(ResponseProperty.TopContributors),
            DecisionEvidence = document,
        };
    }

    private static string? ReasonIn(ResponseReader response) =>
        response.Text(ResponseProperty.Reason) is { } reason && !string.IsNullOrWhiteSpace(reason) ? reason : null;
}
