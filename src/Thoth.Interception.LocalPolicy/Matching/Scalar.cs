using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>An operand of a policy: the string, number or Boolean that a value is compared with.</summary>
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
                throw new ArgumentException("The value is not a string, a number or a Boolean.", nameof(json));
        }
    }

    /// <summary>
    /// Compares for equality. Values of different types, such as "1000" and 1000, give <see cref="TriState.Unknown"/>, so that a
    /// changed type cannot evade a condition.
    /// </summary>
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

    /// <summary>
    /// Compares with several operands. The result is <see cref="TriState.Unknown"/> only if no operand has the value's type.
    /// </summary>
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
