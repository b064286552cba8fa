namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>contains</c>: one of the tools was called before.</summary>
internal sealed class HistoryContainsPredicate(Glob[] tools) : HistoryPredicate
{
    public override bool Evaluate(EarlierCalls calls)
    {
        for (var i = 0; i < calls.Count; i++)
        {
            if (Glob.AnyMatches(tools, calls[i]))
            {
                return true;
            }
        }

        return false;
    }
}
