namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>An operator on the session's earlier calls.</summary>
internal abstract class HistoryPredicate
{
    /// <summary>Gets the tools whose earlier calls the operator counts.</summary>
    public virtual IEnumerable<Glob> CountedTools => [];

    /// <summary>Evaluates the operator.</summary>
    /// <param name="calls">The calls before the one under evaluation.</param>
    /// <returns>Whether the operator is true for them.</returns>
    public abstract bool Evaluate(EarlierCalls calls);
}
