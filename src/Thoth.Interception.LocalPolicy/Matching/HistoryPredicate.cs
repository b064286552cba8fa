namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>An operator on the session's earlier calls.</summary>
internal abstract class HistoryPredicate
{
    /// <summary>Evaluates the operator.</summary>
    /// <param name="calls">The session's calls, oldest first.</param>
    /// <param name="earlier">The number of calls before the one under evaluation.</param>
    /// <returns>Whether the operator is true for the earlier calls.</returns>
    public abstract bool Evaluate(IReadOnlyList<string> calls, int earlier);
}
