using Thoth.Interception.LocalPolicy.Matching;
using Thoth.Interception.LocalPolicy.Modify;

namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>A compiled rule.</summary>
internal sealed class PolicyRule
{
    private readonly EnforcementDecision[] _decisions;

    /// <param name="template">The rule's decision, without the action of a call.</param>
    public PolicyRule(EnforcementDecision template)
    {
        // One instance per action, so that a call allocates no decision.
        _decisions = [.. Enum.GetValues<ToolAction>().Select(action => template with { ActionClassification = ActionName(action) })];
    }

    public required string Id { get; init; }

    public required Glob[] Tools { get; init; }

    /// <summary>Gets the actions that the rule matches: one bit for each <see cref="ToolAction"/>.</summary>
    public required int Actions { get; init; }

    /// <summary>Gets the conditions, cheapest first. All must be true.</summary>
    public required Condition[] Conditions { get; init; }

    /// <summary>Gets the edits that a <c>modify</c> rule makes to the arguments, in order.</summary>
    public ArgumentEdit[] Edits { get; init; } = [];

    /// <summary>Gets whether the rule also matches tools that declare no action.</summary>
    public bool MatchesUndeclaredAction => (Actions & (1 << (int)ToolAction.Unspecified)) != 0;

    /// <summary>Gets the tools whose earlier calls the rule counts.</summary>
    public IEnumerable<Glob> CountedTools => Conditions.SelectMany(static condition => condition.CountedTools);

    public DecisionType Decision => _decisions[0].Type;

    public static string? ActionName(ToolAction action) => action switch
    {
        ToolAction.Read => "read",
        ToolAction.Write => "write",
        ToolAction.Delete => "delete",
        ToolAction.Execute => "execute",
        _ => null,
    };

    /// <summary>Ranks the decision by strictness: 0 is the least strict (contract §1.2.4).</summary>
    public static int StrictnessOf(DecisionType decision) => decision switch
    {
        DecisionType.Allow => 0,
        DecisionType.Modify => 1,
        DecisionType.StepUp => 2,
        DecisionType.Defer => 3,
        _ => 4,
    };

    public EnforcementDecision DecisionFor(ToolAction action) =>
        (uint)action < (uint)_decisions.Length ? _decisions[(int)action] : _decisions[0];

    public TriState Evaluate(ref EvaluatedCall call)
    {
        if ((Actions & (1 << (int)call.Request.Action)) == 0)
        {
            return TriState.False;
        }

        var result = TriState.True;
        foreach (var condition in Conditions)
        {
            result = TriStateLogic.And(result, condition.Evaluate(ref call));
            if (result == TriState.False)
            {
                break;
            }
        }

        return result;
    }
}
