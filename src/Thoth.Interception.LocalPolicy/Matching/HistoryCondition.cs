using Thoth.Interception.LocalPolicy.Policy;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A condition on the session's earlier calls; the call that is being decided is not one of them.</summary>
internal sealed class HistoryCondition(HistoryPredicate[] tests) : Condition
{
    public override int Cost => 1;

    public override TriState Evaluate(ref EvaluatedCall call)
    {
        var calls = call.Request.SessionToolCalls;
        var earlier = Math.Max(0, calls.Count - 1);
        foreach (var test in tests)
        {
            if (!test.Evaluate(calls, earlier))
            {
                return TriState.False;
            }
        }

        return TriState.True;
    }
}
