using System.Buffers;
using System.Collections.Frozen;

namespace Thoth.Interception.Events.Serialization;

/// <summary>
/// Checks model signals against their closed vocabulary (contract §5.3). A signal that is not in it is not sent: it may reveal
/// something about a person or a prompt.
/// </summary>
internal static class ModelSignals
{
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_whole = SetOf(
        "threat:prompt_injection", "fastml:unavailable", "moses_sync:unavailable", "moses_schema_guardrail:triggered",
        "attestation:present", "attestation:missing", "attestation:proof_complete", "attestation:proof_incomplete",
        "probabilistic_verifier:enabled");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_verdicts =
        SetOf("allow", "block", "step_up", "modify", "defer");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_classifications =
        SetOf("read", "write", "delete", "execute", "phi", "pii", "public", "internal", "confidential", "restricted");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_risks = SetOf(
        "prompt_injection", "sensitive_information_disclosure", "supply_chain", "data_model_poisoning", "improper_output_handling",
        "excessive_agency", "system_prompt_leakage", "vector_embedding_weaknesses", "misinformation", "unbounded_consumption");

    public static bool Contains(string? signal)
    {
        if (signal is null)
        {
            return false;
        }

        var text = signal.AsSpan();
        if (s_whole.Contains(text))
        {
            return true;
        }

        var colon = text.IndexOf(':');
        if (colon < 0)
        {
            return false;
        }

        var value = text[(colon + 1)..];
        return text[..colon] switch
        {
            "moses_action" or "authz" => s_verdicts.Contains(value),
            "classification" => s_classifications.Contains(value),
            "dlp_redactions" or "delegation_chain_len" or "defer_depth" or "retrieval_filter_fields" => IsNumber(value),
            "attestation_policy_enabled" or "attestation_policy_required" => value is "true" or "false",
            "moses_risk" or "moses_risk_classification" => s_risks.Contains(value),
            "moses_risk_conf" => IsRiskWithConfidence(value),
            "moses_confidence" or "probabilistic_verifier_upper_bound" => IsConfidence(value),
            "threat" => IsThreat(value),
            _ => false,
        };
    }

    private static bool IsThreat(ReadOnlySpan<char> value)
    {
        var colon = value.IndexOf(':');
        return colon >= 0
            && value[..colon] is "prompt_injection_pattern" or "tool_output_poisoning"
            && IsConfidence(value[(colon + 1)..]);
    }

    private static bool IsRiskWithConfidence(ReadOnlySpan<char> value)
    {
        var colon = value.IndexOf(':');
        return colon >= 0 && s_risks.Contains(value[..colon]) && IsConfidence(value[(colon + 1)..]);
    }

    /// <summary>0, 0.d…, 1 or 1.0….</summary>
    private static bool IsConfidence(ReadOnlySpan<char> value) => value switch
    {
        "0" or "1" => true,
        ['0', '.', .. var digits] => IsNumber(digits),
        ['1', '.', .. var zeros] => zeros.Length > 0 && !zeros.ContainsAnyExcept('0'),
        _ => false,
    };

    private static bool IsNumber(ReadOnlySpan<char> value) => value.Length > 0 && !value.ContainsAnyExcept(s_digits);

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> SetOf(params string[] values) =>
        values.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
