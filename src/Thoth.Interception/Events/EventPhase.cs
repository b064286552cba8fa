namespace Thoth.Interception;

/// <summary>Specifies the phase of a call's life in which an event happened (contract §5.3, <c>event_phase</c>).</summary>
public enum EventPhase
{
    /// <summary>Before the decision.</summary>
    Pre = 0,

    /// <summary>The tool completed.</summary>
    Post,

    /// <summary>The call was refused.</summary>
    Block,

    /// <summary>The tool failed.</summary>
    Error,

    /// <summary>The caller cancelled the call, before the tool started or while it ran.</summary>
    Cancelled,

    /// <summary>The call waits for an approval and its caller goes on. Not sent to the Thoth API.</summary>
    Held,

    /// <summary>The held call is made again. Not sent to the Thoth API.</summary>
    Resumed,
}
