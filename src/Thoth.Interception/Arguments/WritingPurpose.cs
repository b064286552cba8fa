namespace Thoth.Interception.Arguments;

/// <summary>Tells for which purpose arguments are written.</summary>
internal enum WritingPurpose
{
    /// <summary>The values are shown to the enforcer.</summary>
    Show,

    /// <summary>The values are shown, and the tool gets copies.</summary>
    Copy,

    /// <summary>The values are captured for an event, and the tool gets the caller's own, which must be as if they had not been read.</summary>
    Capture,

    /// <summary>The values are compared with what was shown.</summary>
    Compare,
}
