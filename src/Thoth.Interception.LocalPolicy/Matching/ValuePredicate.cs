namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>The predicate of a condition on a value: one operator, or several that must all be true.</summary>
internal abstract class ValuePredicate
{
    /// <summary>Gets the result for a path with <c>[*]</c> that selects no value.</summary>
    public virtual TriState ResultWithoutValues => TriState.False;

    public abstract TriState Evaluate(in CallValue value);
}
