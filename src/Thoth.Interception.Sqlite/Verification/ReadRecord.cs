using Microsoft.Data.Sqlite;
using Thoth.Interception.Sqlite.Storage;

namespace Thoth.Interception.Sqlite.Verification;

/// <summary>A record as the file has it now.</summary>
internal sealed class ReadRecord
{
    private readonly long _created;

    public ReadRecord(SqliteDataReader row)
    {
        Sequence = row.GetInt64(0);
        Entry = new OutboxEntry(row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<byte[]>(5));
        _created = row.GetInt64(6);
        Previous = row.GetFieldValue<byte[]>(7);
        Hash = row.GetFieldValue<byte[]>(8);
    }

    public long Sequence { get; }

    public OutboxEntry Entry { get; }

    public byte[] Previous { get; }

    public byte[] Hash { get; }

    /// <summary>Its hash is that of what it says.</summary>
    public bool IsWhole => RecordHash.Of(Sequence, _created, Entry, Previous).AsSpan().SequenceEqual(Hash);
}
