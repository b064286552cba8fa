namespace Thoth.Interception.Sqlite;

/// <summary>How events are kept on disk until the Thoth API has accepted them.</summary>
public sealed class SqliteOutboxOptions
{
    /// <summary>When the evidence of a call is on disk. Default: <see cref="OutboxDurability.Background"/>.</summary>
    public OutboxDurability Durability { get; set; }

    /// <summary>What a commit survives. Default: <see cref="OutboxSync.Full"/>.</summary>
    public OutboxSync Sync { get; set; }

    /// <summary>
    /// How large the database may grow, in bytes; its write-ahead log comes on top, some 4 MiB. 1 MiB to 1 TiB, default 1 GiB.
    /// </summary>
    public long MaxBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>
    /// What happens to a new event when <see cref="MaxBytes"/> is reached. Sent events that are kept make room first, whatever
    /// is chosen. Default: <see cref="OutboxFullMode.Refuse"/>.
    /// </summary>
    public OutboxFullMode FullMode { get; set; }

    /// <summary>
    /// How long an event is kept at least after the Thoth API has accepted it, so that there is something to verify. 0 to 10
    /// years, default 0: not at all.
    /// </summary>
    public TimeSpan Retention { get; set; }

    internal void Validate()
    {
        ThrowUnless(Enum.IsDefined(Durability), nameof(Durability), "one of its names");
        ThrowUnless(Enum.IsDefined(Sync), nameof(Sync), "one of its names");
        ThrowUnless(Enum.IsDefined(FullMode), nameof(FullMode), "one of its names");
        ThrowUnless(MaxBytes is >= 1024 * 1024 and <= 1024L * 1024 * 1024 * 1024, nameof(MaxBytes), "1 MiB to 1 TiB");
        ThrowUnless(Retention >= TimeSpan.Zero && Retention <= TimeSpan.FromDays(3660), nameof(Retention), "0 to 10 years");
    }

    private static void ThrowUnless(bool valid, string name, string range)
    {
        if (!valid)
        {
            throw new ArgumentOutOfRangeException(name, $"{nameof(SqliteOutboxOptions)}.{name} must be {range}.");
        }
    }
}
