using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy;

/// <summary>Represents one rule of a <see cref="LoadedPolicy"/>.</summary>
public sealed class LoadedRule
{
    internal LoadedRule(PolicyRule rule) => (Id, Tools, Decision, MatchesUndeclaredAction) = (
        rule.Id, [.. rule.Tools.Select(static tool => tool.ToString())], rule.DecisionFor(ToolAction.Unspecified), rule.MatchesUndeclaredAction);

    /// <summary>Gets the rule's <c>id</c>, or an id made from its position in the file if it has none.</summary>
    public string Id { get; }

    /// <summary>Gets the patterns of the tool names that the rule applies to.</summary>
    public IReadOnlyList<string> Tools { get; }

    /// <summary>Gets the decision that the rule gives when it matches.</summary>
    public EnforcementDecision Decision { get; }

    /// <summary>Gets a value that tells whether the rule also matches calls whose tool declares no <see cref="ToolAction"/>.</summary>
    public bool MatchesUndeclaredAction { get; }
}
