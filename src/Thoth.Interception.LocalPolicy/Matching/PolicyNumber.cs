using System.Text.Json;

namespace Thoth.Interception;

/// <summary>A JSON number: exact where <see cref="decimal"/> can hold it, so that 0.1 is 0.1, and a double beyond that.</summary>
internal readonly struct PolicyNumber : IComparable<PolicyNumber>
{
    private readonly decimal _exact;
    private readonly double _wide;
    private readonly bool _isExact;

    private PolicyNumber(decimal exact)
    {
        _exact = exact;
        _wide = (double)exact;
        _isExact = true;
    }

    private PolicyNumber(double wide) => _wide = wide;

    public static PolicyNumber From(JsonElement json) =>
        json.TryGetDecimal(out var exact) ? new(exact) : new(json.GetDouble());

    public static PolicyNumber From(ref Utf8JsonReader reader) =>
        reader.TryGetDecimal(out var exact) ? new(exact) : new(reader.GetDouble());

    public int CompareTo(PolicyNumber other) =>
        _isExact && other._isExact ? _exact.CompareTo(other._exact) : _wide.CompareTo(other._wide);
}
