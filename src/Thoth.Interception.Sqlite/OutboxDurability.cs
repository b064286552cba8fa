namespace Thoth.Interception.Sqlite;

/// <summary>Specifies when the evidence of a call is on disk.</summary>
public enum OutboxDurability
{
    /// <summary>
    /// Soon after it was recorded; calls do not wait for it. If the process dies, the events that are still in memory are lost. The
    /// default.
    /// </summary>
    Background = 0,

    /// <summary>Before the tool runs: the pre event and the decision. If they cannot be written, the tool does not run.</summary>
    BeforeExecution,
}
