namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A condition on the session's earlier calls. They do not include the call under evaluation.</summary>
internal sealed class HistoryCondition(HistoryPredicate[] predicates) : Condition
{
    public override int Cost => 1;

    public override TriState Evaluate(ref EvaluatedCall call)
    {
        var calls = call.Request.SessionToolCalls;
        var earlier = Math.Max(0, calls.Count - 1);
        foreach (var predicate in predicates)
        {
            if (!predicate.Evaluate(calls, earlier))
            {
                return TriState.False;
            }
        }

        return TriState.True;
    }
}
