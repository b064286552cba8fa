namespace Thoth.Interception;

/// <summary><c>exists</c>: whether there is a value other than null.</summary>
internal sealed class ExistsTest(bool expected) : ValueTest
{
    public override Truth OnNothing => TruthLogic.Of(!expected);

    public override Truth Evaluate(in CallValue value) =>
        TruthLogic.Of(value.Kind != CallValueKind.Missing == expected);
}
