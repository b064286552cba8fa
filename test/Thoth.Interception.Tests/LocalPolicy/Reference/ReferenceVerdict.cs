namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>What docs/policy.md determines about a decision. Two verdicts are equal if their texts are.</summary>
internal sealed record ReferenceVerdict(DecisionType Type, string? Code)
{
    /// <summary>Gets the ids of the matched rules, in order.</summary>
    public IReadOnlyList<string> RuleIds { get; init; } = [];

    public bool NamesScope { get; init; }

    /// <summary>Gets the complete arguments of the run as JSON, if <c>modify</c> rules apply.</summary>
    public string? Arguments { get; init; }

    /// <summary>Gets what the rule with the decision's code states, if there is such a rule.</summary>
    public ReferenceDetails? Details { get; init; }

    public string? ModificationReason { get; init; }

    /// <summary>Gets the policy's id and version.</summary>
    public (string? Id, string? Version) Pack { get; init; }

    /// <summary>Gets a value indicating whether the rule that decides has a condition. It is not part of the text.</summary>
    public bool IsByCondition { get; init; }

    public override string ToString() =>
        $"{Type}, code {Code}, rules [{string.Join(", ", RuleIds)}]{(NamesScope ? ", approved_scope" : "")}"
        + (Details is null ? "" : $", {Details}")
        + (ModificationReason is { } modification ? $", modification reason {modification}" : "")
        + (Pack is (null, null) ? "" : $", pack {Pack}")
        + (Arguments is { } arguments ? $", arguments {arguments}" : "");
}

/// <summary>The optional keys of a rule that a decision repeats.</summary>
internal sealed record ReferenceDetails(string? Reason, double? RiskScore, double? TimeoutSeconds, double? RetrySeconds);
