namespace Thoth.Interception;

/// <summary>Specifies what happened to a tool call (contract §5.1).</summary>
public enum BehavioralEventType
{
    /// <summary>A tool was called. Recorded once for each call, before the decision.</summary>
    ToolCallPre = 0,

    /// <summary>The tool ran and completed, failed or was cancelled.</summary>
    ToolCallPost,

    /// <summary>The tool did not run.</summary>
    ToolCallBlock,

    /// <summary>
    /// A session started, which the Thoth SDKs record as an invocation of the SDK itself (contract §5.5). The event belongs to no
    /// tool call. Its phase, always <see cref="EventPhase.Pre"/>, is not sent.
    /// </summary>
    SessionStarted,

    /// <summary>The call waits for an approval and its caller goes on. Told to sinks and kept as evidence, but not sent to the Thoth API.</summary>
    ToolCallHeld,

    /// <summary>The held call is made again. Told to sinks and kept as evidence, but not sent to the Thoth API.</summary>
    ToolCallResumed,
}
