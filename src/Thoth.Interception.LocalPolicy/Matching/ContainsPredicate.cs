namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary><c>contains</c>: a text holds the text, a list holds the element.</summary>
internal sealed class ContainsPredicate(Scalar scalar, string? text) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value)
    {
        switch (value.Kind)
        {
            case CallValueKind.Missing:
                return TriState.False;
            case CallValueKind.String when text is not null:
                return TriStateLogic.From(value.Text.Contains(text, StringComparison.Ordinal));
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
