using Thoth.Interception.Events.Serialization;

namespace Thoth.Interception.Tests.Events.Serialization;

/// <summary>Contract §5.3: the closed vocabulary of model signals.</summary>
public class ModelSignalsTests
{
    [TestCase("threat:prompt_injection")]
    [TestCase("threat:prompt_injection_pattern:0.80")]
    [TestCase("threat:tool_output_poisoning:0.90")]
    [TestCase("moses_risk:prompt_injection")]
    [TestCase("moses_risk_classification:sensitive_information_disclosure")]
    [TestCase("moses_risk_conf:improper_output_handling:0.95")]
    [TestCase("moses_confidence:0")]
    [TestCase("moses_confidence:1")]
    [TestCase("moses_confidence:1.000")]
    [TestCase("probabilistic_verifier_upper_bound:0.1")]
    [TestCase("probabilistic_verifier:enabled")]
    [TestCase("fastml:unavailable")]
    [TestCase("moses_sync:unavailable")]
    [TestCase("attestation:missing")]
    [TestCase("attestation:proof_incomplete")]
    [TestCase("moses_schema_guardrail:triggered")]
    [TestCase("moses_action:step_up")]
    [TestCase("authz:defer")]
    [TestCase("classification:phi")]
    [TestCase("dlp_redactions:2")]
    [TestCase("delegation_chain_len:12")]
    [TestCase("attestation_policy_enabled:true")]
    [TestCase("attestation_policy_required:false")]
    public void KnownSignal_IsSent(string signal) => Assert.That(ModelSignals.Contains(signal), Is.True);

    [TestCase("")]
    [TestCase("threat")]
    [TestCase("threat:")]
    [TestCase("threat:patient-secret")]
    [TestCase("threat:prompt_injection:patient-secret")]
    [TestCase("threat:prompt_injection_pattern")]
    [TestCase("threat:prompt_injection_pattern:")]
    [TestCase("moses_risk:patient-secret")]
    [TestCase("moses_risk:Prompt_Injection")]
    [TestCase("moses_risk_conf:prompt_injection:patient-secret")]
    [TestCase("moses_risk_conf:prompt_injection")]
    [TestCase("moses_risk_conf:patient:0.5")]
    [TestCase("moses_confidence:0.")]
    [TestCase("moses_confidence:1.")]
    [TestCase("moses_confidence:1.1")]
    [TestCase("moses_confidence:2")]
    [TestCase("moses_confidence:00")]
    [TestCase("moses_confidence:-0")]
    [TestCase("moses_confidence:0.5 ")]
    [TestCase("moses_confidence:0.5\n")]
    [TestCase("moses_confidence:0.٣")]
    [TestCase("dlp_redactions:")]
    [TestCase("dlp_redactions:٣")]
    [TestCase("dlp_redactions:-1")]
    [TestCase("dlp_redactions:2\n")]
    [TestCase("attestation_policy_enabled:True")]
    [TestCase("attestation:else")]
    [TestCase("classification:phi:patient")]
    [TestCase("patient:synthetic-secret")]
    [TestCase(" fastml:unavailable")]
    public void AnythingElse_IsNot(string signal) => Assert.That(ModelSignals.Contains(signal), Is.False);

    [Test]
    public void Nothing_IsNoSignal() => Assert.That(ModelSignals.Contains(null), Is.False);
}
