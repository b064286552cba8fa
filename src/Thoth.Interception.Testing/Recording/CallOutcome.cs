namespace Thoth.Interception.Testing;

/// <summary>Specifies what became of a recorded call.</summary>
public enum CallOutcome
{
    /// <summary>The call has not ended: it is decided, waits for an approval with its caller, or its tool runs.</summary>
    Open = 0,

    /// <summary>The tool ran and returned.</summary>
    Completed,

    /// <summary>The tool ran and threw.</summary>
    Failed,

    /// <summary>The call was refused and the tool did not run.</summary>
    Refused,

    /// <summary>The call waits for an approval and its caller went on (<see cref="StepUpMode.Throw"/>).</summary>
    Held,

    /// <summary>The caller cancelled the call.</summary>
    Cancelled,
}
