using System.Collections.Concurrent;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>A loaded policy. Immutable, apart from the cache of the rules for each tool name.</summary>
internal sealed class CompiledPolicy
{
    /// <summary>The cache is limited, so that a caller that invents tool names cannot fill the memory.</summary>
    private const int CachedTools = 1024;

    private readonly ConcurrentDictionary<string, ToolRules> _rulesByTool = new(StringComparer.Ordinal);
    private readonly PolicyRule[] _strictestFirst;
    private readonly Glob[] _countedTools;
    private int _cached;

    /// <param name="id">The policy's id, or <see langword="null"/>.</param>
    /// <param name="version">The policy's version, or <see langword="null"/>.</param>
    /// <param name="rules">The rules in file order.</param>
    /// <param name="knownTools">The signatures of the tools whose parameters the file declares.</param>
    public CompiledPolicy(
        string? id, string? version, IReadOnlyList<PolicyRule> rules, IReadOnlyDictionary<string, string[][]> knownTools)
    {
        Id = id;
        Version = version;
        Rules = rules;
        KnownTools = knownTools;
        _countedTools = [.. rules.SelectMany(static rule => rule.CountedTools)];

        // OrderByDescending is stable: of rules with the same decision, the first in the file stays first.
        _strictestFirst = [.. rules.OrderByDescending(static rule => PolicyRule.StrictnessOf(rule.Decision))];
        NoMatchingRule = Refuse(LocalPolicyReasonCodes.NoMatchingRule, "No rule of the policy allows this call.");
        ArgumentsUnreadable = Refuse(LocalPolicyReasonCodes.ArgumentsUnreadable, "The policy cannot read the call's arguments.");
        OutsideScope = ApprovedScope.Matched(Refuse(
            LocalPolicyReasonCodes.OutsideApprovedScope, "The tool is outside the approved scope."));
    }

    public string? Id { get; }

    public string? Version { get; }

    /// <summary>Gets the rules in file order.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; }

    /// <summary>Gets the parameters of tools in their order, by the tool's name. A tool may have several signatures.</summary>
    public IReadOnlyDictionary<string, string[][]> KnownTools { get; }

    public int RuleCount => _strictestFirst.Length;

    public EnforcementDecision NoMatchingRule { get; }

    public EnforcementDecision ArgumentsUnreadable { get; }

    public EnforcementDecision OutsideScope { get; }

    /// <summary>Gets the rules whose tool patterns match the name.</summary>
    public ToolRules RulesFor(string toolName) =>
        _rulesByTool.TryGetValue(toolName, out var rules) ? rules : SelectRules(toolName);

    public EnforcementDecision Refuse(string code, string reason, params string[] ruleIds) => new()
    {
        Type = DecisionType.Block,
        DecisionReasonCode = code,
        Reason = reason,
        MatchedRuleIds = ruleIds,
        Evidence = new() { PackId = Id, PackVersion = Version },
    };

    /// <summary>Separate from <see cref="RulesFor"/>, so that a cached lookup allocates no closure.</summary>
    private ToolRules SelectRules(string toolName)
    {
        var matching = Array.FindAll(_strictestFirst, rule => Glob.AnyMatches(rule.Tools, toolName));
        var rules = new ToolRules(
            matching,
            DependOnCounts: Glob.AnyMatches(_countedTools, toolName) || Array.Exists(matching, static rule => rule.CountedTools.Any()));
        if (Volatile.Read(ref _cached) < CachedTools && _rulesByTool.TryAdd(toolName, rules))
        {
            Interlocked.Increment(ref _cached);
        }

        return rules;
    }
}
