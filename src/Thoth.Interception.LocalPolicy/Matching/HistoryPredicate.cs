namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>One operator on the session's earlier calls.</summary>
internal abstract class HistoryPredicate
{
    /// <param name="calls">The session's calls, oldest first.</param>
    /// <param name="earlier">How many of them came before the one that is being decided.</param>
    public abstract bool Evaluate(IReadOnlyList<string> calls, int earlier);
}
