namespace Thoth.Interception;

/// <summary><c>contains</c>: a text holds the text, a list holds the element.</summary>
internal sealed class ContainsTest(Scalar scalar, string? text) : ValueTest
{
    public override Truth Evaluate(in CallValue value)
    {
        switch (value.Kind)
        {
            case CallValueKind.Missing:
                return Truth.False;
            case CallValueKind.Text when text is not null:
                return TruthLogic.Of(value.Text.Contains(text, StringComparison.Ordinal));
            case CallValueKind.List:
                var result = Truth.False;
                foreach (var element in value.Elements)
                {
                    result = TruthLogic.Or(result, scalar.IsEqualTo(new CallValue(element)));
                    if (result == Truth.True)
                    {
                        break;
                    }
                }

                return result;
            default:
                return Truth.Unknown;
        }
    }
}
