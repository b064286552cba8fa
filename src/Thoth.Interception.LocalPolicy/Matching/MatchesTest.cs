using System.Text.RegularExpressions;

namespace Thoth.Interception;

/// <summary><c>matches</c>: the regular expression matches somewhere in the text.</summary>
internal sealed class MatchesTest(Regex regex) : ValueTest
{
    /// <summary>Time is linear in the text, so this is a backstop for huge texts; running into it is no judgement.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The engine that cannot be made to run for exponential time, so a tool's argument cannot stall the agent.</summary>
    public static RegexOptions Options => RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    public override Truth Evaluate(in CallValue value) => value.Kind switch
    {
        CallValueKind.Missing => Truth.False,
        CallValueKind.Text => IsMatch(value.Text),
        _ => Truth.Unknown,
    };

    private Truth IsMatch(string text)
    {
        try
        {
            return TruthLogic.Of(regex.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            return Truth.Unknown;
        }
    }
}
