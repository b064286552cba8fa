namespace Thoth.Interception;

/// <summary>Several operators on one value: all must hold.</summary>
internal sealed class AllTests(ValueTest[] tests) : ValueTest
{
    public override Truth Evaluate(in CallValue value)
    {
        var result = Truth.True;
        foreach (var test in tests)
        {
            result = TruthLogic.And(result, test.Evaluate(value));
            if (result == Truth.False)
            {
                break;
            }
        }

        return result;
    }
}
