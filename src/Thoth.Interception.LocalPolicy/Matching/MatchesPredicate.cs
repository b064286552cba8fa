using System.Text.RegularExpressions;

namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary><c>matches</c>: the regular expression matches somewhere in the text.</summary>
internal sealed class MatchesPredicate(Regex regex) : ValuePredicate
{
    /// <summary>Time is linear in the text, so this is a backstop for huge texts; running into it is no judgement.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The engine that cannot be made to run for exponential time, so a tool's argument cannot stall the agent.</summary>
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
