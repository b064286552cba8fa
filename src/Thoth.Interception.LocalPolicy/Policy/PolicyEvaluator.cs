using System.Text.Json;
using Thoth.Interception.LocalPolicy.Matching;
using Thoth.Interception.LocalPolicy.Modify;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>Decides one call by a policy. Pure: it opens no hold and writes no log.</summary>
internal static class PolicyEvaluator
{
    public static PolicyVerdict Decide(CompiledPolicy policy, EnforcementRequest request)
    {
        var scope = ApprovedScope.Judge(request);
        if (scope == ScopeVerdict.Block)
        {
            return new(policy.OutsideScope);
        }

        var call = new PolicyCall(request);
        try
        {
            var verdict = DecideByRules(policy, ref call, scope);
            return scope == ScopeVerdict.Recorded
                ? verdict with { Decision = ApprovedScope.Matched(verdict.Decision) }
                : verdict;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how System.Text.Json reports a text that is no valid Unicode.
            return new(policy.Refuse(
                LocalPolicyReasonCodes.ArgumentsUnreadable, "The policy cannot read the call's arguments."));
        }
        finally
        {
            call.Dispose();
        }
    }

    private static PolicyVerdict DecideByRules(CompiledPolicy policy, ref PolicyCall call, ScopeVerdict scope)
    {
        PolicyRule? decider = null;
        List<PolicyRule>? changes = null;
        foreach (var rule in policy.RulesFor(call.Request.ToolName))
        {
            // Strictest first: below a decider only the changes of MODIFY rules still matter.
            if (decider is not null && rule.Decision != DecisionType.Modify)
            {
                continue;
            }

            var truth = rule.Matches(ref call);
            if (truth == TriState.False || (truth == TriState.Unknown && rule.Decision == DecisionType.Allow))
            {
                continue;
            }

            if (rule.Decision == DecisionType.Modify)
            {
                if (truth == TriState.Unknown)
                {
                    return new(policy.Refuse(
                        LocalPolicyReasonCodes.ConditionNotEvaluable,
                        "A condition of the policy cannot be judged for these arguments.",
                        rule.Id));
                }

                (changes ??= []).Add(rule);
            }

            decider ??= rule;
            if (rule.Decision is DecisionType.Block or DecisionType.Defer)
            {
                break;
            }
        }

        return decider is null ? new(policy.NoMatchingRule) : Answer(policy, ref call, decider, changes, scope);
    }

    private static PolicyVerdict Answer(
        CompiledPolicy policy, ref PolicyCall call, PolicyRule decider, List<PolicyRule>? changes, ScopeVerdict scope)
    {
        var decision = decider.DecisionFor(call.Request.Action);
        if (decider.Decision is DecisionType.Block or DecisionType.Defer)
        {
            return new(decision);
        }

        JsonElement? changed = null;
        if (changes is not null)
        {
            changed = ArgumentEditor.Apply(call.Request.Arguments, changes);
            string[] ids = [.. RuleIds(decider, changes)];
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
                ModificationReason = changes[0].DecisionFor(call.Request.Action).Reason,
            };
        }

        if (scope == ScopeVerdict.StepUp)
        {
            decision = HoldForScope(decision);
        }

        // The changed arguments of a held call are the hold's business until somebody approves them.
        return decision.Type == DecisionType.StepUp
            ? new(decision with { ModifiedToolArgs = null }, changed)
            : new(decision);
    }

    private static EnforcementDecision HoldForScope(EnforcementDecision decision) =>
        ApprovedScope.Matched(decision.Type == DecisionType.StepUp
            ? decision
            : decision with
            {
                Type = DecisionType.StepUp,
                DecisionReasonCode = LocalPolicyReasonCodes.OutsideApprovedScope,
                Reason = "The tool is outside the approved scope and needs an approval.",
            });

    private static IEnumerable<string> RuleIds(PolicyRule decider, List<PolicyRule> changes)
    {
        if (decider.Decision != DecisionType.Modify)
        {
            yield return decider.Id;
        }

        foreach (var rule in changes)
        {
            yield return rule.Id;
        }
    }
}
