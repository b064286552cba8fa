namespace Thoth.Interception;

/// <summary>What an event tells about a call's arguments.</summary>
public enum EventCapture
{
    /// <summary>Nothing (contract §5.2). The default.</summary>
    Minimal = 0,

    /// <summary>
    /// The arguments, with <see cref="SensitiveAttribute"/> parameters masked, for sinks in the same process. They are
    /// never part of the wire format.
    /// </summary>
    Arguments,
}
