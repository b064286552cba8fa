namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// Evaluates <c>not</c>. For a missing value the result is <see cref="TriState.Unknown"/>: "the region is not eu" must restrict
/// a call without a region and must not permit it.
/// </summary>
internal sealed class NotPredicate(ValuePredicate inner) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value) =>
        value.Kind == CallValueKind.Missing ? TriState.Unknown : TriStateLogic.Not(inner.Evaluate(value));
}
