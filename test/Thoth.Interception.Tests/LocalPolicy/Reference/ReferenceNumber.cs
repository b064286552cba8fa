using System.Globalization;
using System.Numerics;

namespace Thoth.Interception.Tests.LocalPolicy.Reference;

/// <summary>A JSON number by its decimal digits: <c>0.Digits × 10^Magnitude</c>, without zeros at either end of the digits.</summary>
internal readonly record struct ReferenceNumber(int Sign, string Digits, BigInteger Magnitude) : IComparable<ReferenceNumber>
{
    public static ReferenceNumber Parse(string json)
    {
        var unsigned = json.TrimStart('-');
        var parts = unsigned.Split('e', 'E');
        var exponent = parts.Length == 2 ? BigInteger.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var integerDigits = point < 0 ? parts[0].Length : point;
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        var magnitude = exponent + integerDigits - (digits.Length - significant.Length);
        significant = significant.TrimEnd('0');
        return significant.Length == 0 ? new(0, "", 0) : new(json[0] == '-' ? -1 : 1, significant, magnitude);
    }

    public int CompareTo(ReferenceNumber other)
    {
        if (Sign != other.Sign)
        {
            return Sign.CompareTo(other.Sign);
        }

        // Digits that end earlier are the smaller number, as in a dictionary.
        var unsigned = Magnitude != other.Magnitude ? Magnitude.CompareTo(other.Magnitude) : string.CompareOrdinal(Digits, other.Digits);
        return Sign * unsigned;
    }
}
