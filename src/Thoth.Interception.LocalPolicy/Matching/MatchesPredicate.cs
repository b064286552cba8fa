using System.Text.RegularExpressions;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>matches</c>: the regular expression finds a match in the string.</summary>
internal sealed class MatchesPredicate(Regex regex) : ValuePredicate
{
    /// <summary>
    /// Gets the limit for one match. The time is linear in the string, so only a huge string exceeds it; the result is then
    /// <see cref="TriState.Unknown"/>.
    /// </summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets the options of the linear-time engine. With a backtracking engine, an argument could cause exponential time.
    /// </summary>
    public static RegexOptions Options => RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    public override TriState Evaluate(in CallValue value) => value.Kind switch
    {
        CallValueKind.Missing => TriState.False,
        CallValueKind.String => IsMatch(value.Text),
        _ => TriState.Unknown,
    };

    private TriState IsMatch(string text)
    {
        try
        {
            return TriStateLogic.From(regex.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            return TriState.Unknown;
        }
    }
}
