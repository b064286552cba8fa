namespace Thoth.Interception.Sqlite;

/// <summary>What a commit of the outbox survives.</summary>
public enum OutboxSync
{
    /// <summary>A power cut and a crash of the operating system: each commit waits until the disk has it. The default.</summary>
    Full = 0,

    /// <summary>
    /// A crash or kill of the process. A power cut may take the last commits away, never damage those before. Far cheaper where
    /// the disk is slow to sync.
    /// </summary>
    Process,
}
