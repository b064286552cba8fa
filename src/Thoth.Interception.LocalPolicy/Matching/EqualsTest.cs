namespace Thoth.Interception;

/// <summary><c>equals</c> and <c>in</c>.</summary>
internal sealed class EqualsTest(Scalar[] scalars) : ValueTest
{
    public override Truth Evaluate(in CallValue value) => Scalar.IsAnyEqualTo(scalars, value);
}
