namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>contains</c>: one of the tools was called before.</summary>
internal sealed class HistoryContainsPredicate(Glob[] tools) : HistoryPredicate
{
    public override bool Evaluate(IReadOnlyList<string> calls, int earlier)
    {
        for (var i = 0; i < earlier; i++)
        {
            if (Glob.AnyMatches(tools, calls[i]))
            {
                return true;
            }
        }

        return false;
    }
}
