using System.Text.Json.Nodes;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>
/// A second evaluator of the policy: plain and slow, written from docs/policy.md alone, without the code of the engine. A difference
/// is a fault of the engine, of the document or of this class; the document decides.
/// </summary>
internal sealed class ReferencePolicy
{
    private const string Scope = "outside_approved_scope";

    private readonly ReferenceRule[] _rules;
    private readonly (string? Id, string? Version) _pack;

    /// <summary>Reads a valid policy.</summary>
    public ReferencePolicy(string json)
    {
        var policy = JsonNode.Parse(json)!;
        _pack = ((string?)policy["id"], (string?)policy["version"]);
        _rules = [.. policy["rules"]!.AsArray().Select(rule => new ReferenceRule(rule!.AsObject()))];
    }

    /// <summary>Gets the operators that were evaluated with each of their results, such as <c>equals: unknown</c>.</summary>
    public ISet<string> Used { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Decides about a call: the approved scope, then the rules, then the approved scope again.</summary>
    public ReferenceVerdict Evaluate(EnforcementRequest call) => EvaluateScope(call) with { Pack = _pack };

    private static bool IsOutside(EnforcementRequest call, string tool) =>
        call.Context.ApprovedScope.Count > 0 && !call.Context.ApprovedScope.Contains(tool, StringComparer.Ordinal);

    private ReferenceVerdict EvaluateScope(EnforcementRequest call)
    {
        if (!IsOutside(call, call.ToolName))
        {
            return EvaluateRules(call);
        }

        var mode = call.Context.Mode;
        if (mode == EnforcementMode.Block
            || (mode == EnforcementMode.Progressive && ReferenceConditions.HistoryOf(call).Count(tool => IsOutside(call, tool)) >= 3))
        {
            return new(DecisionType.Block, Scope) { NamesScope = true };
        }

        var verdict = EvaluateRules(call);
        return (mode, verdict.Type) switch
        {
            (EnforcementMode.Observe, _) => verdict with { NamesScope = true },
            (_, DecisionType.Block or DecisionType.Defer) => verdict,
            (_, DecisionType.StepUp) => verdict with { NamesScope = true },
            _ => verdict with { Type = DecisionType.StepUp, Code = Scope, Details = null, NamesScope = true },
        };
    }

    private ReferenceVerdict EvaluateRules(EnforcementRequest call)
    {
        try
        {
            return EvaluateReadable(call);
        }
        catch (UnreadableArgumentsException)
        {
            return new(DecisionType.Block, "arguments_unreadable");
        }
    }

    private ReferenceVerdict EvaluateReadable(EnforcementRequest call)
    {
        var conditions = new ReferenceConditions(call, Used);
        var rules = _rules.Where(rule => rule.IsFor(call.ToolName, call.Action)).ToList();

        ReferenceRule? First(string decision) =>
            rules.Find(rule => rule.Decision == decision && conditions.Evaluate(rule) is var result && (result == true || (result is null && rule.Restricts)));

        if (First("block") is { } block)
        {
            return Decided(DecisionType.Block, block);
        }

        if (First("defer") is { } defer)
        {
            return Decided(DecisionType.Defer, defer);
        }

        var stepUp = First("step_up");
        var changes = new List<ReferenceRule>();
        foreach (var rule in rules.Where(rule => rule.Decision == "modify"))
        {
            var result = conditions.Evaluate(rule);
            if (result is null)
            {
                return new(DecisionType.Block, "condition_not_evaluable") { RuleIds = [rule.Id], IsByCondition = true };
            }

            if (result.Value)
            {
                changes.Add(rule);
            }
        }

        if (stepUp is null && changes.Count == 0)
        {
            return First("allow") is { } allow ? Decided(DecisionType.Allow, allow) : new(DecisionType.Block, "no_matching_rule");
        }

        var decided = stepUp is null ? Decided(DecisionType.Modify, changes[0]) : Decided(DecisionType.StepUp, stepUp);
        string[] ids = [.. stepUp is null ? [] : (string[])[stepUp.Id], .. changes.Select(rule => rule.Id)];
        try
        {
            return decided with
            {
                RuleIds = ids,
                ModificationReason = changes.FirstOrDefault()?.Reason,
                Arguments = changes.Count == 0 ? null : ReferenceJson.Write(ReferenceEdits.Apply(changes, ReferenceJson.ReadArguments(call.Arguments))),
            };
        }
        catch (EditDoesNotFitException)
        {
            return new(DecisionType.Block, "modify_not_applicable") { RuleIds = ids };
        }
    }

    private static ReferenceVerdict Decided(DecisionType type, ReferenceRule rule) =>
        new(type, rule.Code) { RuleIds = [rule.Id], Details = rule.Details, IsByCondition = rule.When is not null };
}
