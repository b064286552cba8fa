namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>greater</c>, <c>at_least</c>, <c>less</c> and <c>at_most</c>.</summary>
internal sealed class ComparePredicate(PolicyNumber bound, bool above, bool orEqual) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value)
    {
        switch (value.Kind)
        {
            case CallValueKind.Missing:
                return TriState.False;
            case CallValueKind.Number:
                var order = value.Number.CompareTo(bound);
                return TriStateLogic.From(order == 0 ? orEqual : order > 0 == above);
            default:
                return TriState.Unknown;
        }
    }
}
