using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>
/// Reads and writes the records on one connection, in transactions of one thread. Its state is read from the file when it is
/// created. After a failure it is discarded and created again, so that its state is always that of the file.
/// </summary>
internal sealed class OutboxStore : IDisposable
{
    private const int Pruned = 256;

    private readonly SqliteConnection _connection;
    private readonly SqliteOutboxOptions _options;
    private readonly TimeProvider _time;
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin, _commit, _insert, _head, _anchor, _open, _close, _keepOpen, _mark, _idsAfter, _waiting, _delete, _last, _first;
    private readonly Statement _firstWaiting, _firstYoung, _waitingUpTo, _pageCount, _freePages;
    private readonly long _pageSize;
    private ChainCheckpoint _newest;
    private long _done;
    private long _projectedBytes;
    private long _writtenHead;
    private bool _hasMarked = true;
    private readonly HashSet<string> _uncertain = [];
    private DateTimeOffset _nextPrune = DateTimeOffset.MinValue;

    public OutboxStore(SqliteConnection connection, SqliteOutboxOptions options, TimeProvider time)
    {
        (_connection, _options, _time) = (connection, options, time);
        _begin = New("BEGIN IMMEDIATE", 0);
        _commit = New("COMMIT", 0);
        _insert = New("INSERT INTO records VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", 10);
        _head = New("UPDATE chain SET sequence = $1, hash = $2 WHERE mark = 'head'", 2);
        _anchor = New("UPDATE chain SET sequence = $1, hash = $2 WHERE mark = 'anchor'", 2);
        _open = New("INSERT INTO open_calls VALUES ($1, $2, $3, NULL) ON CONFLICT DO UPDATE SET sequence = excluded.sequence, json = NULL", 3);
        _close = New("DELETE FROM open_calls WHERE attestation_id = $1", 1);
        _keepOpen = New("UPDATE open_calls SET json = (SELECT json FROM records r WHERE r.sequence = open_calls.sequence) WHERE json IS NULL AND sequence <= $1", 1);
        _mark = New("UPDATE records SET sent = $1 WHERE sequence BETWEEN $2 AND $3 AND sent IS NULL", 3);
        _idsAfter = New("SELECT event_id FROM records WHERE sequence > $1", 1);
        _waiting = New("SELECT sequence, json FROM records WHERE sequence > $1 AND sent IS NULL ORDER BY sequence LIMIT $2", 2);
        _delete = New("DELETE FROM records WHERE sequence <= $1", 1);
        _last = New("SELECT sequence, hash FROM records WHERE sequence <= $1 ORDER BY sequence DESC LIMIT 1", 1);
        _first = New("SELECT min(sequence) FROM records", 0);
        _firstWaiting = New("SELECT sequence FROM records WHERE sequence > $1 AND sent IS NULL ORDER BY sequence LIMIT 1", 1);
        _firstYoung = New("SELECT sequence FROM records WHERE sequence <= $1 AND sent > $2 ORDER BY sequence LIMIT 1", 2);
        _waitingUpTo = New("SELECT count(*) FROM records WHERE sequence > $1 AND sequence <= $2 AND sent IS NULL", 2);
        _pageCount = New("PRAGMA page_count", 0);
        _freePages = New("PRAGMA freelist_count", 0);
        HeldCalls = new HeldCallTable(connection);
        _pageSize = OutboxSchema.Number(connection, "PRAGMA page_size");
        _newest = ChainCheckpoints.Read(connection, "head");
        _writtenHead = _newest.Sequence;
        _done = DoneAfter(ChainCheckpoints.Read(connection, "anchor").Sequence);
        Waiting = (long)_waitingUpTo.Scalar(_done, _newest.Sequence)!;
    }

    /// <summary>Gets the number of unsent events.</summary>
    public long Waiting { get; private set; }

    /// <summary>Gets the number of unsent events that were deleted to make room since the transaction began.</summary>
    public long Dropped { get; private set; }

    /// <summary>Gets whether there was no room for the last record.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Gets the held calls.</summary>
    public HeldCallTable HeldCalls { get; }

    /// <summary>Gets the newest record.</summary>
    public ChainCheckpoint Head => _newest;

    /// <summary>
    /// Remembers the ids of the records after a sequence number. A commit that reported a failure may have succeeded; its records
    /// are appended again then, which has no effect.
    /// </summary>
    /// <param name="sequence">The sequence number of the newest record whose commit was reported as a success.</param>
    public void DoubtAfter(long sequence)
    {
        using var rows = _idsAfter.Read(sequence);
        while (rows.Read())
        {
            _uncertain.Add(rows.GetString(0));
        }
    }

    /// <summary>
    /// Continues the sequence numbers of a damaged file in the new one, so that a number never means two events to one process.
    /// </summary>
    public void ContinueFrom(long sequence)
    {
        if (_newest.Sequence > 0 || sequence == 0)
        {
            return;
        }

        Begin();
        _newest = new ChainCheckpoint(sequence, RecordHash.None);
        _done = sequence;
        _anchor.Run(sequence, _newest.Hash);
        Commit();
    }

    public void Begin()
    {
        _begin.Run();
        Dropped = 0;
        _projectedBytes = UsedBytes();
    }

    public void Commit()
    {
        if (_newest.Sequence != _writtenHead)
        {
            _head.Run(_newest.Sequence, _newest.Hash);
            _writtenHead = _newest.Sequence;
        }

        Prune();
        _commit.Run();
    }

    /// <summary>Reserves room in the file until the end of the transaction, and makes it if the options permit that.</summary>
    /// <returns><see langword="false"/> if the outbox is full.</returns>
    public bool TryReserve(long bytes)
    {
        if (_projectedBytes + bytes > _options.MaxBytes && !MakeRoom(bytes))
        {
            return false;
        }

        _projectedBytes += bytes;
        return true;
    }

    /// <returns><see langword="false"/> if the outbox is full.</returns>
    public bool Append(OutboxEntry entry)
    {
        if (_uncertain.Count > 0 && _uncertain.Contains(entry.EventId))
        {
            return true;
        }

        IsFull = !TryReserve(Size(entry));
        if (IsFull)
        {
            return false;
        }

        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var sequence = _newest.Sequence + 1;
        var hash = RecordHash.Of(sequence, now, entry, _newest.Hash);
        var isPosted = entry.IsPosted;
        _insert.Run(
            sequence, entry.EventId, entry.SessionId, entry.ActionAttestationId, entry.Phase, Bytes(entry.Json), now,
            isPosted ? DBNull.Value : now, _newest.Hash, hash);
        _newest = new ChainCheckpoint(sequence, hash);
        Waiting += isPosted ? 1 : 0;
        if (entry.ActionAttestationId.Length > 0)
        {
            _ = entry.LeavesCallOpen
                ? _open.Run(entry.ActionAttestationId, entry.SessionId, sequence)
                : _close.Run(entry.ActionAttestationId);
        }

        return true;
    }

    /// <summary>Marks the unsent events of a range as sent.</summary>
    /// <returns>How many events were unsent.</returns>
    public int Mark(long first, long last)
    {
        var marked = _mark.Run(_time.GetUtcNow().ToUnixTimeMilliseconds(), first, last);
        _hasMarked = true;
        Waiting -= marked;
        return marked;
    }

    public List<PendingEvent> ReadPending(long after, int limit)
    {
        var events = new List<PendingEvent>();
        using var rows = _waiting.Read(Math.Max(after, _done), limit);
        while (rows.Read())
        {
            events.Add(new PendingEvent { Sequence = rows.GetInt64(0), Json = rows.GetFieldValue<byte[]>(1) });
        }

        return events;
    }

    /// <inheritdoc cref="OpenCall.Read"/>
    public List<OpenCall> ReadOpenCalls() => OpenCall.Read(_connection);

    public void Dispose()
    {
        _statements.ForEach(static statement => statement.Dispose());
        HeldCalls.Dispose();
        _connection.Dispose();
    }

    /// <summary>Deletes sent records whose retention is over, from the oldest on without a gap, so that the rest remains a chain.</summary>
    private void Prune()
    {
        var now = _time.GetUtcNow();
        if (!_hasMarked || now < _nextPrune)
        {
            return;
        }

        _hasMarked = _options.Retention > TimeSpan.Zero;

        // With a long retention it is enough to look for old records now and then.
        _nextPrune = now + TimeSpan.FromTicks(Math.Min(_options.Retention.Ticks / 10, TimeSpan.TicksPerMinute));
        _done = DoneAfter(_done);
        var young = _options.Retention == TimeSpan.Zero
            ? null
            : _firstYoung.Scalar(_done, (now - _options.Retention).ToUnixTimeMilliseconds());
        DeleteUpTo(young is long first ? first - 1 : _done);
    }

    private bool MakeRoom(long bytes)
    {
        _done = DoneAfter(_done);
        while (_projectedBytes + bytes > _options.MaxBytes)
        {
            if (_first.Scalar() is not long first)
            {
                return false;
            }

            var last = Math.Min(first + Pruned - 1, _options.FullMode == OutboxFullMode.DropOldest ? _newest.Sequence : _done);
            if (last < first)
            {
                return false;
            }

            var dropped = last > _done ? (long)_waitingUpTo.Scalar(_done, last)! : 0;
            (Dropped, Waiting) = (Dropped + dropped, Waiting - dropped);
            DeleteUpTo(last);
            _done = Math.Max(_done, last);
            _projectedBytes = UsedBytes();
        }

        return true;
    }

    private void DeleteUpTo(long sequence)
    {
        if (LastUpTo(sequence) is { } last)
        {
            _keepOpen.Run(sequence);
            _delete.Run(sequence);
            _anchor.Run(last.Sequence, last.Hash);
        }
    }

    /// <summary>Finds the newest record up to a number. That record itself may have been removed by an attacker, and the gap must stay visible.</summary>
    private ChainCheckpoint? LastUpTo(long sequence)
    {
        using var rows = _last.Read(sequence);
        return rows.Read() ? new ChainCheckpoint(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>Finds the sequence number up to which every record was sent.</summary>
    private long DoneAfter(long sequence) =>
        _firstWaiting.Scalar(sequence) is long waiting ? waiting - 1 : _newest.Sequence;

    private long UsedBytes() => ((long)_pageCount.Scalar()! - (long)_freePages.Scalar()!) * _pageSize;

    /// <summary>Estimates the size of a record in bytes, with unused space in pages.</summary>
    private static long Size(OutboxEntry entry) =>
        200 + entry.Json.Length + (entry.EventId.Length * 3) + entry.SessionId.Length + (entry.ActionAttestationId.Length * 2);

    /// <summary>SQLite binds whole arrays.</summary>
    private static byte[] Bytes(ReadOnlyMemory<byte> json) =>
        MemoryMarshal.TryGetArray(json, out var segment) && segment.Array is { } array && segment.Count == array.Length ? array : json.ToArray();

    private Statement New(string sql, int parameters)
    {
        var statement = new Statement(_connection, sql, parameters);
        _statements.Add(statement);
        return statement;
    }
}
