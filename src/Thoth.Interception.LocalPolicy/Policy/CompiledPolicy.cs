using System.Collections.Concurrent;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>A loaded policy. Immutable but for the cache of the rules that each tool's name selects.</summary>
internal sealed class CompiledPolicy
{
    /// <summary>Tool names come from code, so few are expected; a caller that makes names up must not fill the memory.</summary>
    private const int CachedTools = 1024;

    private readonly ConcurrentDictionary<string, PolicyRule[]> _rulesByTool = new(StringComparer.Ordinal);
    private readonly PolicyRule[] _strictestFirst;
    private int _cached;

    /// <param name="id">The policy's id, where it has one.</param>
    /// <param name="version">The policy's version, where it has one.</param>
    /// <param name="rules">The rules in file order.</param>
    public CompiledPolicy(string? id, string? version, IReadOnlyList<PolicyRule> rules)
    {
        Id = id;
        Version = version;
        Rules = rules;

        // A stable sort: among equals the first in the file stays first.
        _strictestFirst = [.. rules.OrderByDescending(static rule => PolicyRule.StrictnessOf(rule.Decision))];
        NoMatchingRule = Refuse(LocalPolicyReasonCodes.NoMatchingRule, "No rule of the policy allows this call.");
        OutsideScope = ApprovedScope.Matched(Refuse(
            LocalPolicyReasonCodes.OutsideApprovedScope, "The tool is outside the approved scope."));
    }

    public string? Id { get; }

    public string? Version { get; }

    /// <summary>The rules in file order.</summary>
    public IReadOnlyList<PolicyRule> Rules { get; }

    public int RuleCount => _strictestFirst.Length;

    public EnforcementDecision NoMatchingRule { get; }

    public EnforcementDecision OutsideScope { get; }

    /// <summary>The rules that may match calls of the tool, strictest first.</summary>
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

    /// <summary>Apart from <see cref="RulesFor"/>, so that only a new tool's call pays for the closure.</summary>
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
