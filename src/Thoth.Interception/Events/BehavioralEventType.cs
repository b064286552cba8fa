namespace Thoth.Interception;

/// <summary>What a behavioural event is about (contract §5.1).</summary>
public enum BehavioralEventType
{
    /// <summary>A tool was called: before the check, once per call.</summary>
    ToolCallPre = 0,

    /// <summary>The tool ran and completed, failed or was cancelled.</summary>
    ToolCallPost,

    /// <summary>The tool did not run.</summary>
    ToolCallBlock,

    /// <summary>
    /// A session started: the family records it as an invocation of the SDK itself (contract §5.5). It is no call of a tool,
    /// and its phase, always <see cref="EventPhase.Pre"/>, is not sent.
    /// </summary>
    SessionStarted,
}
