namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary><c>follows</c>: these calls, oldest first, came right before this one.</summary>
internal sealed class HistoryFollowsPredicate(Glob[] sequence) : HistoryPredicate
{
    public override bool Evaluate(IReadOnlyList<string> calls, int earlier)
    {
        var start = earlier - sequence.Length;
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
