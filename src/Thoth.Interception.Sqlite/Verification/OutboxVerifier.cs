using Microsoft.Data.Sqlite;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Sqlite.Verification;

namespace Thoth.Interception.Sqlite;

/// <summary>Checks the hash chain of an outbox, also of one that is in use. Changes nothing.</summary>
public static class OutboxVerifier
{
    private const int CannotOpen = 14;

    /// <summary>Goes through the chain from its oldest record, and stops at the first one that is not what was written.</summary>
    /// <param name="path">The outbox file.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="OutboxException">The file is missing, cannot be read or is no outbox.</exception>
    public static OutboxVerification Verify(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new OutboxException(OutboxFailure.Unreadable, $"There is no outbox '{path}'; check the path.");
        }

        try
        {
            using var connection = Open(Path.GetFullPath(path));
            if (OutboxSchema.Number(connection, "PRAGMA application_id") != OutboxSchema.ApplicationId)
            {
                throw new OutboxException(OutboxFailure.Unreadable, $"'{path}' is no Thoth outbox; check the path.");
            }

            // One view of the file, whatever is written meanwhile.
            using var transaction = connection.BeginTransaction(deferred: true);
            return Verify(connection);
        }
        catch (Exception exception) when (exception is SqliteException or InvalidCastException or IOException or UnauthorizedAccessException)
        {
            throw new OutboxException(OutboxFailure.Unreadable, $"The outbox '{path}' cannot be read: it is damaged, or may not be read.", exception);
        }
    }

    private static OutboxVerification Verify(SqliteConnection connection)
    {
        var (anchor, head) = (ChainCheckpoints.Read(connection, "anchor"), ChainCheckpoints.Read(connection, "head"));
        var result = new OutboxVerification
        {
            Deleted = anchor.Sequence,
            HeadSequence = head.Sequence,
            HeadHash = Convert.ToHexStringLower(head.Hash),
        };
        var last = anchor;
        using var read = new Statement(
            connection, "SELECT sequence, event_id, session_id, attestation_id, phase, json, created, previous, hash FROM records ORDER BY sequence", 0);
        using var rows = read.Read();
        while (rows.Read())
        {
            var record = new ReadRecord(rows);
            if (ProblemOf(record, last, head) is { } problem)
            {
                return result with
                {
                    // Where there is a gap, the first record that is not there is the first broken one.
                    FirstBroken = problem == RecordProblem.Missing
                        ? Broken(last.Sequence + 1, problem)
                        : Broken(record.Sequence, problem, record.Entry.EventId),
                };
            }

            last = new ChainCheckpoint(record.Sequence, record.Hash);
            result = result with { Count = result.Count + 1 };
        }

        return last.Sequence < head.Sequence ? result with { FirstBroken = Broken(last.Sequence + 1, RecordProblem.Missing) }
            : last.Sequence == head.Sequence && !last.Hash.AsSpan().SequenceEqual(head.Hash)
                ? result with { FirstBroken = Broken(last.Sequence, RecordProblem.Changed) }
                : result;
    }

    private static BrokenRecord Broken(long sequence, RecordProblem problem, string? eventId = null) =>
        new() { Sequence = sequence, Problem = problem, EventId = eventId };

    private static RecordProblem? ProblemOf(ReadRecord record, ChainCheckpoint last, ChainCheckpoint head)
    {
        if (record.Sequence != last.Sequence + 1)
        {
            return record.Sequence <= last.Sequence || record.Sequence > head.Sequence && last.Sequence == head.Sequence
                ? RecordProblem.Added
                : RecordProblem.Missing;
        }

        if (record.Sequence > head.Sequence)
        {
            return RecordProblem.Added;
        }

        if (!record.IsWhole)
        {
            return RecordProblem.Changed;
        }

        return record.Previous.AsSpan().SequenceEqual(last.Hash) ? null : RecordProblem.NotLinked;
    }

    private static SqliteConnection Open(string path)
    {
        try
        {
            return Connect(path);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == CannotOpen && !File.Exists(path + "-wal"))
        {
            // In a folder that cannot be written, where SQLite has no place for its shared memory: nobody else writes there either.
            return Connect($"{new Uri(path).AbsoluteUri}?immutable=1");
        }
    }

    private static SqliteConnection Connect(string source)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ConnectionString);
        try
        {
            connection.Open();
            _ = OutboxSchema.Number(connection, "PRAGMA schema_version");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
