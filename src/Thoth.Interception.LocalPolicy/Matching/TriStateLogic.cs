namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// Kleene's three-valued logic. <see cref="TriState"/> orders False, Unknown, True, so AND is the minimum and OR the maximum.
/// </summary>
internal static class TriStateLogic
{
    public static TriState From(bool value) => value ? TriState.True : TriState.False;

    public static TriState And(TriState left, TriState right) => left < right ? left : right;

    public static TriState Or(TriState left, TriState right) => left > right ? left : right;

    public static TriState Not(TriState value) => (TriState)(TriState.True - value);
}
