namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>
/// The result of a condition. It is <see cref="Unknown"/> if the condition cannot be evaluated, such as a number compared with
/// a string. A rule that permits then does not match, and a rule that restricts does, so the call never gains by it.
/// </summary>
internal enum TriState
{
    False = 0,
    Unknown,
    True,
}
