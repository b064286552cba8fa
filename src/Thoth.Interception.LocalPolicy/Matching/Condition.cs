namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>One condition of a rule: a key of its <c>when</c>.</summary>
internal abstract class Condition
{
    /// <summary>Gets the relative cost of an evaluation; a rule evaluates its cheapest condition first.</summary>
    public abstract int Cost { get; }

    /// <summary>Gets the tools whose earlier calls the condition counts.</summary>
    public virtual IEnumerable<Glob> CountedTools => [];

    public abstract TriState Evaluate(ref EvaluatedCall call);
}
