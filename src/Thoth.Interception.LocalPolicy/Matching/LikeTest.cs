namespace Thoth.Interception;

/// <summary><c>like</c>: the whole text matches one of the globs.</summary>
internal sealed class LikeTest(Glob[] globs) : ValueTest
{
    public override Truth Evaluate(in CallValue value) => value.Kind switch
    {
        CallValueKind.Missing => Truth.False,
        CallValueKind.Text => TruthLogic.Of(Glob.AnyMatches(globs, value.Text)),
        _ => Truth.Unknown,
    };
}
