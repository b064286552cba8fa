using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Thoth.Interception;

/// <summary>
/// Holds the data that an enforcer reports about a decision besides the decision itself: policy pack, scores, controls, receipts
/// (contract §1.2.2). No field has an effect on the call. Immutable; a missing value is <see langword="null"/>, and a list is
/// never <see langword="null"/>.
/// </summary>
/// <remarks>
/// It is a record for <see langword="with"/>. It holds lists and JSON, so values are not compared: an instance equals itself
/// only.
/// </remarks>
public sealed record EnforcementEvidence
{
    // Most decisions have none of these, and each decision waits with its event in the queue. Boxed, each takes 8 bytes instead of 24.
    private readonly object? _receipt;
    private readonly object? _terminalReceipt;
    private readonly object? _scoreComponents;
    private readonly object? _decisionEvidence;

    /// <summary>The evidence of a decision that has none.</summary>
    internal static EnforcementEvidence Empty { get; } = new();

    /// <summary>Gets the risk score, on the enforcer's own scale.</summary>
    public double? RiskScore { get; init; }

    /// <summary>Gets how long the enforcer took to decide.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Gets the id of the policy pack that decided.</summary>
    public string? PackId { get; init; }

    /// <summary>Gets the version of the policy pack.</summary>
    public string? PackVersion { get; init; }

    /// <summary>Gets the version of the rule that decided.</summary>
    public long? RuleVersion { get; init; }

    /// <summary>Gets the regulations that the decision refers to. Default: empty.</summary>
    public IReadOnlyList<string> RegulatoryRegimes { get; init; } = [];

    /// <summary>Gets the ids of the controls that matched. Default: empty.</summary>
    public IReadOnlyList<string> MatchedControlIds { get; init; } = [];

    /// <summary>Gets the policies that the decision refers to. Default: empty.</summary>
    public IReadOnlyList<string> PolicyReferences { get; init; } = [];

    /// <summary>Gets the signals of the enforcer's models. Default: empty.</summary>
    public IReadOnlyList<string> ModelSignals { get; init; } = [];

    /// <summary>Gets the receipt of the decision, a JSON object.</summary>
    public JsonElement? Receipt
    {
        get => (JsonElement?)_receipt;
        init => _receipt = value;
    }

    /// <summary>Gets the receipt of a resolved hold, a JSON object.</summary>
    public JsonElement? TerminalReceipt
    {
        get => (JsonElement?)_terminalReceipt;
        init => _terminalReceipt = value;
    }

    /// <summary>Gets the version of the shape of the enforcer's response.</summary>
    public string? DecisionEnvelopeVersion { get; init; }

    /// <summary>Gets the features that were scored, by name.</summary>
    public IReadOnlyDictionary<string, double>? FastMlFeatures { get; init; }

    /// <summary>Gets the parts of the risk score, a JSON object.</summary>
    public JsonElement? ScoreComponents
    {
        get => (JsonElement?)_scoreComponents;
        init => _scoreComponents = value;
    }

    /// <summary>Gets the features with the greatest weight in the score, each a JSON object. Default: empty.</summary>
    public IReadOnlyList<JsonElement> TopContributors { get; init; } = [];

    /// <summary>Gets the enforcer's own evidence document, a JSON object.</summary>
    public JsonElement? DecisionEvidence
    {
        get => (JsonElement?)_decisionEvidence;
        init => _decisionEvidence = value;
    }

    /// <summary>Returns whether both are the same instance.</summary>
    /// <param name="other">The other evidence.</param>
    /// <returns>Whether they are the same instance.</returns>
    public bool Equals(EnforcementEvidence? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns the name of the type only, since receipts may hold anything.</summary>
    /// <returns>A text that is safe to log.</returns>
    public override string ToString() => nameof(EnforcementEvidence);

    /// <summary>
    /// This evidence, completed from that of the decision before it (contract §3.4). <see cref="TerminalReceipt"/> belongs to a
    /// resolution and is not taken over.
    /// </summary>
    internal EnforcementEvidence WithFallback(EnforcementEvidence earlier) => ReferenceEquals(earlier, Empty) ? this : this with
    {
        RiskScore = RiskScore ?? earlier.RiskScore,
        Latency = Latency ?? earlier.Latency,
        PackId = PackId ?? earlier.PackId,
        PackVersion = PackVersion ?? earlier.PackVersion,
        RuleVersion = RuleVersion ?? earlier.RuleVersion,
        RegulatoryRegimes = FirstNonEmpty(RegulatoryRegimes, earlier.RegulatoryRegimes),
        MatchedControlIds = FirstNonEmpty(MatchedControlIds, earlier.MatchedControlIds),
        PolicyReferences = FirstNonEmpty(PolicyReferences, earlier.PolicyReferences),
        ModelSignals = FirstNonEmpty(ModelSignals, earlier.ModelSignals),
        Receipt = Receipt ?? earlier.Receipt,
        DecisionEnvelopeVersion = DecisionEnvelopeVersion ?? earlier.DecisionEnvelopeVersion,
        FastMlFeatures = FastMlFeatures ?? earlier.FastMlFeatures,
        ScoreComponents = ScoreComponents ?? earlier.ScoreComponents,
        TopContributors = FirstNonEmpty(TopContributors, earlier.TopContributors),
        DecisionEvidence = DecisionEvidence ?? earlier.DecisionEvidence,
    };

    private static IReadOnlyList<T> FirstNonEmpty<T>(IReadOnlyList<T> first, IReadOnlyList<T> second) => first.Count > 0 ? first : second;
}
