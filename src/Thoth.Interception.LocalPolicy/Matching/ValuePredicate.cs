namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>One operator, or several that must all hold, of a condition on a value.</summary>
internal abstract class ValuePredicate
{
    /// <summary>What the operator says about a path with <c>[*]</c> that leads to no value at all.</summary>
    public virtual TriState ResultWithoutValues => TriState.False;

    public abstract TriState Evaluate(in CallValue value);
}
