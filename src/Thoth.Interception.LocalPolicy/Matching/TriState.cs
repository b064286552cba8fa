namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// What a condition says about a call. <see cref="Unknown"/> is a value that cannot be judged, such as a text where a
/// number is compared: a permission does not hold then and a restriction does, so it never helps the call.
/// </summary>
internal enum TriState
{
    False = 0,
    Unknown,
    True,
}
