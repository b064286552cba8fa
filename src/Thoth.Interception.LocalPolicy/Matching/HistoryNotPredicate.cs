namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary><c>not</c>: the operators in it do not all hold.</summary>
internal sealed class HistoryNotPredicate(HistoryPredicate[] tests) : HistoryPredicate
{
    public override bool Evaluate(IReadOnlyList<string> calls, int earlier)
    {
        foreach (var test in tests)
        {
            if (!test.Evaluate(calls, earlier))
            {
                return true;
            }
        }

        return false;
    }
}
