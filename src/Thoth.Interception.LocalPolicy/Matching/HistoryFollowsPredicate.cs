namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>follows</c>: the sequence of calls, oldest first, came directly before this call.</summary>
internal sealed class HistoryFollowsPredicate(Glob[] sequence) : HistoryPredicate
{
    public override bool Evaluate(EarlierCalls calls)
    {
        var start = calls.Count - sequence.Length;
        if (start < 0)
        {
            return false;
        }

        for (var i = 0; i < sequence.Length; i++)
        {
            if (!sequence[i].IsMatch(calls[start + i]))
            {
                return false;
            }
        }

        return true;
    }
}
