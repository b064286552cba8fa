using System.Collections.Concurrent;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>A loaded policy. Immutable, apart from the cache of the rules for each tool name.</summary>
internal sealed class CompiledPolicy
{
    /// <summary>The cache is limited, so that a caller that invents tool names cannot fill the memory.</summary>
    private const int CachedTools = 1024;

    private readonly ConcurrentDictionary<string, PolicyRule[]> _rulesByTool = new(StringComparer.Ordinal);
    private readonly PolicyRule[] _strictestFirst;
    private int _cached;

    /// <param name="id">The policy's id, or <see langword="null"/>.</param>
    /// <param name="version">The policy's version, or <see langword="null"/>.</param>
    /// <param name="rules">The rules in file order.</param>
    public CompiledPolicy(string? id, string? version, IReadOnlyList<PolicyRule> rules)
    {
        Id = id;
        Version = version;
        Rules = rules;

        // OrderByDescending is stable: of rules with the same decision, the first in the file stays first.
        _strictestFirst = [.. rules.OrderByDescending(static rule => PolicyRule.StrictnessOf(rule.Decision))];
        NoMatchingRule = Refuse(LocalPolicyReasonCodes.NoMatchingRule, "No rule of the policy allows this call.");
        OutsideScope = ApprovedScope.Matched(Refuse(
            LocalPolicyReasonCodes.OutsideApprovedScope, "The tool is outside the approved scope."));
    }

    public string? Id { get; }

    public string? Version { get; }

    /// <summary>Gets the rules in file order.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; }

    public int RuleCount => _strictestFirst.Length;

    public EnforcementDecision NoMatchingRule { get; }

    public EnforcementDecision OutsideScope { get; }

    /// <summary>Gets the rules whose tool patterns match the name, strictest first.</summary>
    public PolicyRule[] RulesFor(string toolName) =>
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
    private PolicyRule[] SelectRules(string toolName)
    {
        var rules = Array.FindAll(_strictestFirst, rule => Glob.AnyMatches(rule.Tools, toolName));
        if (Volatile.Read(ref _cached) < CachedTools && _rulesByTool.TryAdd(toolName, rules))
        {
            Interlocked.Increment(ref _cached);
        }

        return rules;
    }
}
