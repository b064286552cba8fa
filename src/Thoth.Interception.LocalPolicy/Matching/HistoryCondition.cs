namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A condition on the session's earlier calls. They do not include the call under evaluation.</summary>
internal sealed class HistoryCondition(HistoryPredicate[] predicates) : Condition
{
    public override int Cost => 1;

    public override IEnumerable<Glob> CountedTools => predicates.SelectMany(static predicate => predicate.CountedTools);

    public override TriState Evaluate(ref EvaluatedCall call)
    {
        var calls = call.EarlierCalls;
        foreach (var predicate in predicates)
        {
            if (!predicate.Evaluate(calls))
            {
                return TriState.False;
            }
        }

        return TriState.True;
    }
}
