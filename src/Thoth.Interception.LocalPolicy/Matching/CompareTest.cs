namespace Thoth.Interception;

/// <summary><c>greater</c>, <c>at_least</c>, <c>less</c> and <c>at_most</c>.</summary>
internal sealed class CompareTest(PolicyNumber bound, bool above, bool orEqual) : ValueTest
{
    public override Truth Evaluate(in CallValue value)
    {
        switch (value.Kind)
        {
            case CallValueKind.Missing:
                return Truth.False;
            case CallValueKind.Number:
                var order = value.Number.CompareTo(bound);
                return TruthLogic.Of(order == 0 ? orEqual : order > 0 == above);
            default:
                return Truth.Unknown;
        }
    }
}
