using System.Text.Json;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>A JSON number: exact where <see cref="decimal"/> can hold it, so that 0.1 is 0.1, and a double beyond that.</summary>
internal readonly struct PolicyNumber : IComparable<PolicyNumber>
{
    private readonly decimal _exact;
    private readonly double? _wide;

    private PolicyNumber(decimal exact) => _exact = exact;

    private PolicyNumber(double wide) => _wide = wide;

    public static PolicyNumber From(JsonElement json) =>
        json.TryGetDecimal(out var exact) ? new(exact) : new(json.GetDouble());

    /// <summary>Whole numbers are most of all, and are read in a fraction of the time.</summary>
    public static PolicyNumber From(ref Utf8JsonReader reader) =>
        reader.TryGetInt64(out var whole) ? new((decimal)whole)
        : reader.TryGetDecimal(out var exact) ? new(exact)
        : new(reader.GetDouble());

    public int CompareTo(PolicyNumber other) =>
        _wide is null && other._wide is null
            ? _exact.CompareTo(other._exact)
            : (_wide ?? (double)_exact).CompareTo(other._wide ?? (double)other._exact);
}
