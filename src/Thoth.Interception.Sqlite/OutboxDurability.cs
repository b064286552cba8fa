namespace Thoth.Interception.Sqlite;

/// <summary>When the evidence of a call is on disk.</summary>
public enum OutboxDurability
{
    /// <summary>Soon after it was recorded; no call waits for it. What is still in memory when the process dies is lost. The default.</summary>
    Background = 0,

    /// <summary>
    /// The pre event and the decision are on disk before the tool runs. Where they cannot be written, the tool does not run.
    /// </summary>
    BeforeExecution,
}
