namespace Thoth.Interception.LocalPolicy.Wire;

/// <summary>Whether a call by position fits the parameters of a tool.</summary>
internal enum SignatureFit
{
    /// <summary>It has more positions than the tool has parameters, or a name that is none of them.</summary>
    None = 0,

    /// <summary>One parameter is given by position and by name.</summary>
    NamedTwice,

    /// <summary>Each argument is one parameter.</summary>
    Whole,
}
