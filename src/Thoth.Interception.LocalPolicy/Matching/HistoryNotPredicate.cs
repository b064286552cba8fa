namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>not</c>: at least one of the nested operators is false.</summary>
internal sealed class HistoryNotPredicate(HistoryPredicate[] predicates) : HistoryPredicate
{
    public override IEnumerable<Glob> CountedTools => predicates.SelectMany(static predicate => predicate.CountedTools);

    public override bool Evaluate(EarlierCalls calls)
    {
        foreach (var predicate in predicates)
        {
            if (!predicate.Evaluate(calls))
            {
                return true;
            }
        }

        return false;
    }
}
