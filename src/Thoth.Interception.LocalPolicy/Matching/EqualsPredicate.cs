namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>equals</c> and <c>in</c>.</summary>
internal sealed class EqualsPredicate(Scalar[] scalars) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value) => Scalar.IsAnyEqualTo(scalars, value);
}
