namespace Thoth.Interception;

/// <summary>Kleene's logic: the order of <see cref="Truth"/>'s members makes AND the least and OR the greatest.</summary>
internal static class TruthLogic
{
    public static Truth Of(bool value) => value ? Truth.True : Truth.False;

    public static Truth And(Truth left, Truth right) => left < right ? left : right;

    public static Truth Or(Truth left, Truth right) => left > right ? left : right;

    public static Truth Not(Truth value) => (Truth)(Truth.True - value);
}
