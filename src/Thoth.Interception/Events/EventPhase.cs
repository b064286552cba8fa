namespace Thoth.Interception;

/// <summary>Where in a call's life an event happened (contract §5.3, <c>event_phase</c>).</summary>
public enum EventPhase
{
    /// <summary>Before the check.</summary>
    Pre = 0,

    /// <summary>The tool completed.</summary>
    Post,

    /// <summary>The tool was refused.</summary>
    Block,

    /// <summary>The tool failed.</summary>
    Error,

    /// <summary>The caller cancelled the call, before the tool started or while it ran.</summary>
    Cancelled,
}
