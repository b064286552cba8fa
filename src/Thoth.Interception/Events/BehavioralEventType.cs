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
}
