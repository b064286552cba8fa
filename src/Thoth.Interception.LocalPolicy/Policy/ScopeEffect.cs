namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>What the approved scope adds to the rules' verdict.</summary>
internal enum ScopeEffect
{
    /// <summary>Nothing: there is no scope or the tool is in it.</summary>
    None = 0,

    /// <summary>A note on the decision.</summary>
    Record,

    /// <summary>A call that may run needs an approval.</summary>
    StepUp,

    /// <summary>The call is refused.</summary>
    Block,
}
