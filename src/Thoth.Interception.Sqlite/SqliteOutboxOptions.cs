using System.ComponentModel.DataAnnotations;

namespace Thoth.Interception.Sqlite;

/// <summary>
/// Configures the outbox that stores events on disk until the Thoth API has accepted them. The options are validated when the host
/// starts, or else when the first governed service is resolved.
/// </summary>
public sealed class SqliteOutboxOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string SectionName = "Thoth:SqliteOutbox";

    /// <summary>
    /// Gets or sets the database file. It is created if it is missing, readable by its owner alone; its folder must exist. A relative
    /// path starts at the current directory. Required.
    /// </summary>
    public string? Path { get; set; }

    /// <summary>
    /// Gets or sets the file of the key that encrypts held calls: 32 random bytes. It is created if it is missing, readable by its owner
    /// alone. Default: <see cref="Path"/> with <c>.key</c> added. Give it another folder to keep it out of backups of the outbox.
    /// </summary>
    public string? HeldCallKeyPath { get; set; }

    /// <summary>Gets or sets when the evidence of a call is on disk. Default: <see cref="OutboxDurability.Background"/>.</summary>
    public OutboxDurability Durability { get; set; }

    /// <summary>Gets or sets which failures a commit survives. Default: <see cref="OutboxSync.Full"/>.</summary>
    public OutboxSync Sync { get; set; }

    /// <summary>
    /// Gets or sets how large the database may grow, in bytes. The write-ahead log needs about 4 MiB more. 1 MiB to 1 TiB, default
    /// 1 GiB.
    /// </summary>
    [Range(1024L * 1024, 1024L * 1024 * 1024 * 1024)]
    public long MaxBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>
    /// Gets or sets what happens to a new event when <see cref="MaxBytes"/> is reached. In every mode, sent events that are kept for
    /// <see cref="Retention"/> are deleted first. Default: <see cref="OutboxFullMode.Refuse"/>.
    /// </summary>
    public OutboxFullMode FullMode { get; set; }

    /// <summary>
    /// Gets or sets how long an event is kept after the Thoth API has accepted it, so that it can be verified. 0 to 3,660 days,
    /// default 0: it is deleted at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "3660.00:00:00")]
    public TimeSpan Retention { get; set; }
}
