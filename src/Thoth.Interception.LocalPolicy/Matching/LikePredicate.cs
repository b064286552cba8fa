namespace Thoth.Interception.LocalPolicy.Matching;

/// <summary>Evaluates <c>like</c>: the whole string matches one of the globs.</summary>
internal sealed class LikePredicate(Glob[] globs) : ValuePredicate
{
    public override TriState Evaluate(in CallValue value) => value.Kind switch
    {
        CallValueKind.Missing => TriState.False,
        CallValueKind.String => TriStateLogic.From(Glob.AnyMatches(globs, value.Text)),
        _ => TriState.Unknown,
    };
}
