namespace Thoth.Interception;

/// <summary>
/// <c>not</c>. Over a missing value it cannot be judged: "the region is not eu" must restrict a call that names no region
/// and must not permit it.
/// </summary>
internal sealed class NotTest(ValueTest inner) : ValueTest
{
    public override Truth Evaluate(in CallValue value) =>
        value.Kind == CallValueKind.Missing ? Truth.Unknown : TruthLogic.Not(inner.Evaluate(value));
}
