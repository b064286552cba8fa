using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A text, number or truth value that a policy compares with.</summary>
internal sealed class Scalar
{
    private readonly CallValueKind _kind;
    private readonly string _text = "";
    private readonly PolicyNumber _number;
    private readonly bool _boolean;

    public Scalar(JsonElement json)
    {
        var value = new CallValue(json);
        _kind = value.Kind;
        switch (_kind)
        {
            case CallValueKind.String:
                _text = value.Text;
                break;
            case CallValueKind.Number:
                _number = value.Number;
                break;
            case CallValueKind.Boolean:
                _boolean = value.Boolean;
                break;
            default:
                throw new ArgumentException("Not a text, number or truth value.", nameof(json));
        }
    }

    /// <summary>"1000" and 1000 are not unequal but incomparable: a change of type must not escape a condition.</summary>
    public TriState IsEqualTo(in CallValue value)
    {
        var kind = value.Kind;
        if (kind == CallValueKind.Missing)
        {
            return TriState.False;
        }

        if (kind != _kind)
        {
            return TriState.Unknown;
        }

        return TriStateLogic.From(kind switch
        {
            CallValueKind.String => value.TextEquals(_text),
            CallValueKind.Number => value.Number.CompareTo(_number) == 0,
            _ => value.Boolean == _boolean,
        });
    }

    /// <summary>Whether the value equals one of several; incomparable only where it is of no listed type.</summary>
    public static TriState IsAnyEqualTo(Scalar[] scalars, in CallValue value)
    {
        var comparable = false;
        foreach (var scalar in scalars)
        {
            switch (scalar.IsEqualTo(value))
            {
                case TriState.True:
                    return TriState.True;
                case TriState.False:
                    comparable = true;
                    break;
            }
        }

        return comparable ? TriState.False : TriState.Unknown;
    }
}
