namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Combines several operators on one value: all must be true.</summary>
internal sealed class AllPredicate(ValuePredicate[] predicates) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value)
    {
        var result = TriState.True;
        foreach (var predicate in predicates)
        {
            result = TriStateLogic.And(result, predicate.Evaluate(value));
            if (result == TriState.False)
            {
                break;
            }
        }

        return result;
    }
}
