namespace Thoth.Interception.Sqlite;

/// <summary>Specifies which failures a commit of the outbox survives.</summary>
public enum OutboxSync
{
    /// <summary>A power cut and a crash of the operating system: each commit waits until the disk has it. The default.</summary>
    Full = 0,

    /// <summary>
    /// A crash or kill of the process. A power cut may lose the last commits but never damages earlier ones. Much faster if the
    /// disk is slow to sync.
    /// </summary>
    Process,
}
