namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>count</c>: the number of earlier calls of the tools is within the bounds.</summary>
internal sealed class HistoryCountPredicate(Glob[] tools, int atLeast, int atMost) : HistoryPredicate
{
    private readonly Func<string, bool> _matches = name => Glob.AnyMatches(tools, name);

    public override IEnumerable<Glob> CountedTools => tools;

    public override bool Evaluate(EarlierCalls calls)
    {
        var count = calls.CountOf(_matches);
        return count >= atLeast && count <= atMost;
    }
}
