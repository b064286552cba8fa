namespace Thoth.Interception.Sqlite;

/// <summary>What happens to a new event when the outbox is as large as it may be.</summary>
public enum OutboxFullMode
{
    /// <summary>
    /// It waits in memory until the outbox has room, and is dropped and counted where <see cref="EventOptions.QueueCapacity"/> is reached
    /// too; with <see cref="OutboxDurability.BeforeExecution"/> its call is refused. The default.
    /// </summary>
    Refuse = 0,

    /// <summary>The oldest events make room for it; those that were not sent yet are counted as dropped.</summary>
    DropOldest,
}
