namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>not</c>: at least one of the nested operators is false.</summary>
internal sealed class HistoryNotPredicate(HistoryPredicate[] predicates) : HistoryPredicate
{
    public override bool Evaluate(IReadOnlyList<string> calls, int earlier)
    {
        foreach (var predicate in predicates)
        {
            if (!predicate.Evaluate(calls, earlier))
            {
                return true;
            }
        }

        return false;
    }
}
