namespace Thoth.Interception;

/// <summary>Specifies how much of a call's arguments an event has.</summary>
public enum EventCapture
{
    /// <summary>No arguments (contract §5.2). The default.</summary>
    Minimal = 0,

    /// <summary>
    /// The arguments, with <see cref="SensitiveAttribute"/> parameters masked, for sinks in the same process. They are never sent to
    /// the Thoth API. In observe mode without evaluation they are left out if there is a lazy sequence among them, which only the tool
    /// may run.
    /// </summary>
    Arguments,
}
