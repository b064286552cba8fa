namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>exists</c>: whether there is a value other than null.</summary>
internal sealed class ExistsPredicate(bool expected) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value) =>
        TriStateLogic.From(value.Kind != CallValueKind.Missing == expected);
}
