namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// A number as JSON writes it, taken apart for an exact comparison of any length and exponent. Nothing is computed with the value
/// itself, so the work is proportional to the text: <c>1e999999999</c> costs as much as any text of that length.
/// </summary>
internal readonly ref struct DecimalText
{
    /// <summary>A difference of exponents beyond this value decides, because no text has as many digits.</summary>
    private const long FarApart = 1L << 40;

    private readonly bool _negative;
    private readonly ReadOnlySpan<byte> _whole;
    private readonly ReadOnlySpan<byte> _fraction;
    private readonly bool _negativeExponent;
    private readonly ReadOnlySpan<byte> _exponent;

    /// <summary>The index of the first digit other than 0 in the whole part followed by the fraction; -1 for zero.</summary>
    private readonly int _first;

    /// <param name="text">A number of the JSON grammar.</param>
    public DecimalText(ReadOnlySpan<byte> text)
    {
        _negative = text[0] == '-';
        var mantissa = _negative ? text[1..] : text;
        var e = mantissa.IndexOfAny((byte)'e', (byte)'E');
        if (e >= 0)
        {
            _exponent = mantissa[(e + 1)..];
            _negativeExponent = _exponent[0] == '-';
            _exponent = _exponent.TrimStart("+-"u8).TrimStart((byte)'0');
            mantissa = mantissa[..e];
        }

        var point = mantissa.IndexOf((byte)'.');
        _whole = point < 0 ? mantissa : mantissa[..point];
        _fraction = point < 0 ? [] : mantissa[(point + 1)..];
        _first = _whole.IndexOfAnyExcept((byte)'0');
        if (_first < 0)
        {
            var inFraction = _fraction.IndexOfAnyExcept((byte)'0');
            _first = inFraction < 0 ? -1 : _whole.Length + inFraction;
        }
    }

    private int Sign => _first < 0 ? 0 : _negative ? -1 : 1;

    public static int Compare(DecimalText left, DecimalText right)
    {
        if (left.Sign != right.Sign || left.Sign == 0)
        {
            return left.Sign.CompareTo(right.Sign);
        }

        // The value is 0.ddd times ten to the power of the exponent plus the number of digits before the point.
        var magnitude = ExponentDifference(left, right) + (left._whole.Length - left._first) - (right._whole.Length - right._first);
        return left.Sign * (magnitude != 0 ? Math.Sign(magnitude) : CompareDigits(left, right));
    }

    /// <summary>Subtracts the exponents digit by digit. The result is exact up to <see cref="FarApart"/>, and beyond it only its sign.</summary>
    private static long ExponentDifference(DecimalText left, DecimalText right)
    {
        var difference = 0L;
        for (var place = Math.Max(left._exponent.Length, right._exponent.Length); place > 0; place--)
        {
            // Lower places cannot bring a difference back to 0 that is larger than the largest digits of both.
            difference = (difference * 10) + left.ExponentDigit(place) - right.ExponentDigit(place);
            if (Math.Abs(difference) > FarApart)
            {
                break;
            }
        }

        return difference;
    }

    private static int CompareDigits(DecimalText left, DecimalText right)
    {
        var count = Math.Max(left.DigitCount, right.DigitCount);
        for (var i = 0; i < count; i++)
        {
            var order = left.Digit(i) - right.Digit(i);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    private int DigitCount => _whole.Length + _fraction.Length - _first;

    private int Digit(int index)
    {
        index += _first;
        return index < _whole.Length ? _whole[index] - '0' : (index -= _whole.Length) < _fraction.Length ? _fraction[index] - '0' : 0;
    }

    /// <summary>Gets the exponent's digit at a place, counted from 1 at its end, with the exponent's sign.</summary>
    private int ExponentDigit(int place)
    {
        var digit = place <= _exponent.Length ? _exponent[^place] - '0' : 0;
        return _negativeExponent ? -digit : digit;
    }
}
