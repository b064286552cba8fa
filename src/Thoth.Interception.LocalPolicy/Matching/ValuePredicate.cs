namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>The predicate of a condition on a value: one operator, or several that must all be true.</summary>
internal abstract class ValuePredicate
{
    public abstract TriState Evaluate(in CallValue value);
}
