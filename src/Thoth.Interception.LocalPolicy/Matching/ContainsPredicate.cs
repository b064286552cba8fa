namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>contains</c>: a string contains the substring, or an array the element.</summary>
internal sealed class ContainsPredicate(Scalar scalar, string? substring) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value)
    {
        switch (value.Kind)
        {
            case CallValueKind.Missing:
                return TriState.False;
            case CallValueKind.String when substring is not null:
                return TriStateLogic.From(value.Text.Contains(substring, StringComparison.Ordinal));
            case CallValueKind.Array:
                var result = TriState.False;
                foreach (var element in value.Elements)
                {
                    result = TriStateLogic.Or(result, scalar.IsEqualTo(new CallValue(element)));
                    if (result == TriState.True)
                    {
                        break;
                    }
                }

                return result;
            default:
                return TriState.Unknown;
        }
    }
}
