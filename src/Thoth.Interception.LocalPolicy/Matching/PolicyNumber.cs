using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// A JSON number. It is exact in the range of <see cref="decimal"/>, so that 0.1 equals 0.1, and a double outside of it.
/// </summary>
internal readonly struct PolicyNumber : IComparable<PolicyNumber>
{
    private readonly decimal _decimal;
    private readonly double? _double;

    private PolicyNumber(decimal value) => _decimal = value;

    private PolicyNumber(double value) => _double = value;

    public static PolicyNumber From(JsonElement json) =>
        json.TryGetDecimal(out var exact) ? new(exact) : new(json.GetDouble());

    /// <summary>Reads a number. Whole numbers come first, because they are the most frequent and the fastest to read.</summary>
    public static PolicyNumber From(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out var whole) ? new((decimal)whole)
        : reader.TryGetDecimal(out var exact) ? new(exact)
        : new(reader.GetDouble());

    public int CompareTo(PolicyNumber other) =>
        _double is null && other._double is null
            ? _decimal.CompareTo(other._decimal)
            : (_double ?? (double)_decimal).CompareTo(other._double ?? (double)other._decimal);
}
