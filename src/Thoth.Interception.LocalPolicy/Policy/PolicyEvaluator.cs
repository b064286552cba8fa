using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>Evaluates a policy for one call. It is a pure function: it opens no hold and writes no log.</summary>
internal static class PolicyEvaluator
{
    public static PolicyVerdict Decide(CompiledPolicy policy, EnforcementRequest request, EvaluationFacts facts = default)
    {
        var call = new EvaluatedCall(request, facts);
        var scope = ApprovedScope.Evaluate(request, call.EarlierCalls);
        if (scope == ScopeEffect.Block)
        {
            return new(policy.OutsideScope);
        }

        var verdict = DecideByReadableRules(policy, ref call, scope);
        return scope == ScopeEffect.Record
            ? verdict with { Decision = ApprovedScope.Matched(verdict.Decision) }
            : verdict;
    }

    private static PolicyVerdict DecideByReadableRules(CompiledPolicy policy, ref EvaluatedCall call, ScopeEffect scope)
    {
        try
        {
            return DecideByRules(policy, ref call, scope);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // System.Text.Json throws InvalidOperationException for a string that is not valid Unicode.
            return new(policy.ArgumentsUnreadable);
        }
        finally
        {
            call.Dispose();
        }
    }

    private static PolicyVerdict DecideByRules(CompiledPolicy policy, ref EvaluatedCall call, ScopeEffect scope)
    {
        PolicyRule? decidingRule = null;
        List<PolicyRule>? modifyRules = null;
        foreach (var rule in policy.RulesFor(call.Request.ToolName).Rules)
        {
            // The rules come strictest first: after the deciding rule, only modify rules still matter.
            if (decidingRule is not null && rule.Decision != DecisionType.Modify)
            {
                continue;
            }

            var match = rule.Evaluate(ref call);
            if (match == TriState.False || (match == TriState.Unknown && rule.Decision == DecisionType.Allow))
            {
                continue;
            }

            if (rule.Decision == DecisionType.Modify)
            {
                if (match == TriState.Unknown)
                {
                    return new(policy.Refuse(
                        LocalPolicyReasonCodes.ConditionNotEvaluable,
                        "A condition of the policy cannot be evaluated for these arguments.",
                        rule.Id));
                }

                (modifyRules ??= []).Add(rule);
            }

            decidingRule ??= rule;
            if (rule.Decision is DecisionType.Block or DecisionType.Defer)
            {
                break;
            }
        }

        return decidingRule is null ? new(policy.NoMatchingRule) : BuildVerdict(policy, ref call, decidingRule, modifyRules, scope);
    }

    private static PolicyVerdict BuildVerdict(
        CompiledPolicy policy, ref EvaluatedCall call, PolicyRule decidingRule, List<PolicyRule>? modifyRules, ScopeEffect scope)
    {
        var decision = decidingRule.DecisionFor(call.Request.Action);
        if (decidingRule.Decision is DecisionType.Block or DecisionType.Defer)
        {
            return new(decision);
        }

        JsonElement? changed = null;
        if (modifyRules is not null)
        {
            string[] ids = [.. RuleIds(decidingRule, modifyRules)];
            if (call.HasUnnamedArguments)
            {
                return new(policy.Refuse(
                    LocalPolicyReasonCodes.ModifyNotApplicable,
                    "The policy changes arguments by name, and their names are not certain in this call. Declare each signature in 'tools_known', or call by name.",
                    ids));
            }

            changed = ArgumentEditor.Apply(call.Request.Arguments, modifyRules);
            if (changed is null)
            {
                return new(policy.Refuse(
                    LocalPolicyReasonCodes.ModifyNotApplicable,
                    "The policy's changes do not fit these arguments.",
                    ids));
            }

            decision = decision with
            {
                MatchedRuleIds = ids,
                ModifiedToolArgs = changed,
                ModificationReason = modifyRules[0].DecisionFor(call.Request.Action).Reason,
            };
        }

        if (scope == ScopeEffect.StepUp)
        {
            decision = RequireApproval(decision);
        }

        // A held call has no arguments to run before its approval, so the verdict carries them apart from the decision.
        return decision.Type == DecisionType.StepUp
            ? new(decision with { ModifiedToolArgs = null }, changed)
            : new(decision);
    }

    private static EnforcementDecision RequireApproval(EnforcementDecision decision) =>
        ApprovedScope.Matched(decision.Type == DecisionType.StepUp
            ? decision
            : decision with
            {
                Type = DecisionType.StepUp,
                DecisionReasonCode = LocalPolicyReasonCodes.OutsideApprovedScope,
                Reason = "The tool is outside the approved scope and requires an approval.",
            });

    private static IEnumerable<string> RuleIds(PolicyRule decidingRule, List<PolicyRule> modifyRules)
    {
        if (decidingRule.Decision != DecisionType.Modify)
        {
            yield return decidingRule.Id;
        }

        foreach (var rule in modifyRules)
        {
            yield return rule.Id;
        }
    }
}
