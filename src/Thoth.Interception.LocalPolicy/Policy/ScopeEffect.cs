namespace Thoth.Interception.LocalPolicy.Policy;

/// <summary>The effect of the approved scope on the verdict of the rules.</summary>
internal enum ScopeEffect
{
    /// <summary>None: the scope is empty, or the tool is in it.</summary>
    None = 0,

    /// <summary>The decision names the scope among its matched controls.</summary>
    Record,

    /// <summary>A call that the rules let run needs an approval.</summary>
    StepUp,

    /// <summary>The call is blocked.</summary>
    Block,
}
