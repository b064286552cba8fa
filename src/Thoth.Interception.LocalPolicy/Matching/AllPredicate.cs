namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Several operators on one value: all must hold.</summary>
internal sealed class AllPredicate(ValuePredicate[] tests) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value)
    {
        var result = TriState.True;
        foreach (var test in tests)
        {
            result = TriStateLogic.And(result, test.Evaluate(value));
            if (result == TriState.False)
            {
                break;
            }
        }

        return result;
    }
}
