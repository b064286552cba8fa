namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// <c>not</c>. Over a missing value it cannot be judged: "the region is not eu" must restrict a call that names no region
/// and must not permit it.
/// </summary>
internal sealed class NotPredicate(ValuePredicate inner) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value) =>
        value.Kind == CallValueKind.Missing ? TriState.Unknown : TriStateLogic.Not(inner.Evaluate(value));
}
