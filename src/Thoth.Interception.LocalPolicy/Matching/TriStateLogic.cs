namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Kleene's logic: the order of <see cref="TriState"/>'s members makes AND the least and OR the greatest.</summary>
internal static class TriStateLogic
{
    public static TriState From(bool value) => value ? TriState.True : TriState.False;

    public static TriState And(TriState left, TriState right) => left < right ? left : right;

    public static TriState Or(TriState left, TriState right) => left > right ? left : right;

    public static TriState Not(TriState value) => (TriState)(TriState.True - value);
}
