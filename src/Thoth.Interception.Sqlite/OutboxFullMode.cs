namespace Thoth.Interception.Sqlite;

/// <summary>Specifies what happens to a new event when the outbox has reached <see cref="SqliteOutboxOptions.MaxBytes"/>.</summary>
public enum OutboxFullMode
{
    /// <summary>
    /// The event waits in memory until the outbox has space. If <see cref="EventOptions.QueueCapacity"/> is reached too, it is dropped
    /// and counted. With <see cref="OutboxDurability.BeforeExecution"/> its call is refused. The default.
    /// </summary>
    Refuse = 0,

    /// <summary>The oldest events are deleted to make space. Those that were not sent are counted as dropped.</summary>
    DropOldest,
}
