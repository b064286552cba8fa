namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>count</c>: the number of earlier calls of the tools is within the bounds.</summary>
internal sealed class HistoryCountPredicate(Glob[] tools, int atLeast, int atMost) : HistoryPredicate
{
    public override bool Evaluate(IReadOnlyList<string> calls, int earlier)
    {
        var count = 0;
        for (var i = 0; i < earlier; i++)
        {
            if (Glob.AnyMatches(tools, calls[i]))
            {
                count++;
            }
        }

        return count >= atLeast && count <= atMost;
    }
}
