using Microsoft.Data.Sqlite;
using Thoth.Interception.Sqlite.Storage;

namespace Thoth.Interception.Sqlite.Verification;

/// <summary>Represents a record as it is in the file.</summary>
internal sealed class ReadRecord
{
    private readonly long _created;

    public ReadRecord(SqliteDataReader row)
    {
        Sequence = row.GetInt64(0);
        Entry = new OutboxEntry
        {
            EventId = row.GetString(1),
            SessionId = row.GetString(2),
            ActionAttestationId = row.GetString(3),
            Phase = row.GetString(4),
            Json = row.GetFieldValue<byte[]>(5),
        };
        _created = row.GetInt64(6);
        Previous = row.GetFieldValue<byte[]>(7);
        Hash = row.GetFieldValue<byte[]>(8);
    }

    public long Sequence { get; }

    public OutboxEntry Entry { get; }

    public byte[] Previous { get; }

    public byte[] Hash { get; }

    /// <summary>Gets whether the stored hash matches the record.</summary>
    public bool IsWhole => RecordHash.Of(Sequence, _created, Entry, Previous).AsSpan().SequenceEqual(Hash);
}
