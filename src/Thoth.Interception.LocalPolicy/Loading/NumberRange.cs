using Thoth.Interception.LocalPolicy.Matching;

namespace Thoth.Interception.LocalPolicy.Loading;

/// <summary>The numbers that satisfy <c>greater</c>, <c>at_least</c>, <c>less</c> and <c>at_most</c> together.</summary>
internal sealed class NumberRange
{
    private PolicyNumber? _lower;
    private PolicyNumber? _upper;
    private bool _lowerIncluded;
    private bool _upperIncluded;

    /// <summary>Gets whether the range has no number.</summary>
    public bool IsEmpty => _lower is { } lower && _upper is { } upper
        && lower.CompareTo(upper) is var order && (order > 0 || (order == 0 && !(_lowerIncluded && _upperIncluded)));

    /// <summary>Gets whether the range has one number only.</summary>
    public bool IsPoint => _lower is { } lower && _upper is { } upper && lower.CompareTo(upper) == 0 && _lowerIncluded && _upperIncluded;

    /// <summary>Limits the range by an operator.</summary>
    public void Add(string name, PolicyNumber bound)
    {
        var included = name is "at_least" or "at_most";
        if (name is "greater" or "at_least")
        {
            var order = _lower is { } lower ? bound.CompareTo(lower) : 1;
            (_lower, _lowerIncluded) = order > 0 ? (bound, included) : (_lower, _lowerIncluded && (order != 0 || included));
        }
        else
        {
            var order = _upper is { } upper ? bound.CompareTo(upper) : -1;
            (_upper, _upperIncluded) = order < 0 ? (bound, included) : (_upper, _upperIncluded && (order != 0 || included));
        }
    }

    /// <summary>Gets whether each number of the other range is in this one.</summary>
    public bool Contains(NumberRange other)
    {
        var below = _lower is not { } lower
            || (other._lower is { } otherLower && otherLower.CompareTo(lower) is var first
                && (first > 0 || (first == 0 && (_lowerIncluded || !other._lowerIncluded))));
        var above = _upper is not { } upper
            || (other._upper is { } otherUpper && otherUpper.CompareTo(upper) is var second
                && (second < 0 || (second == 0 && (_upperIncluded || !other._upperIncluded))));
        return below && above;
    }
}
