using Microsoft.Data.Sqlite;
using Thoth.Interception.Sqlite.Storage;
using Thoth.Interception.Sqlite.Verification;

namespace Thoth.Interception.Sqlite;

/// <summary>Verifies the hash chain of an outbox, also while it is in use. It changes nothing.</summary>
/// <example>
/// <code>
/// var result = OutboxVerifier.Verify("thoth-outbox.db");
/// Console.WriteLine(result.IsIntact ? $"{result.Count} records are intact" : $"Record {result.FirstBroken!.Sequence}: {result.FirstBroken.Problem}");
/// </code>
/// </example>
public static class OutboxVerifier
{
    private const int CannotOpen = 14;

    /// <summary>Verifies the chain from its oldest record and stops at the first one that is not what was written.</summary>
    /// <param name="path">The outbox file.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="path"/> is blank.</exception>
    /// <exception cref="OutboxException">The file is missing, cannot be read or is not an outbox.</exception>
    public static OutboxVerification Verify(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
        {
            throw new OutboxException(OutboxFailure.Unreadable, $"The outbox '{path}' does not exist. Check the path.");
        }

        try
        {
            using var connection = Open(Path.GetFullPath(path));
            if (OutboxSchema.Number(connection, "PRAGMA application_id") != OutboxSchema.ApplicationId)
            {
                throw new OutboxException(OutboxFailure.Unreadable, $"'{path}' is not a Thoth outbox. Check the path.");
            }

            // The transaction gives one view of the file while another process writes to it.
            using var transaction = connection.BeginTransaction(deferred: true);
            return Verify(connection);
        }
        catch (Exception exception) when (exception is SqliteException or InvalidCastException or IOException or UnauthorizedAccessException)
        {
            throw new OutboxException(OutboxFailure.Unreadable, $"The outbox '{path}' cannot be read: it is damaged, or access is denied. Check its permissions, or use a backup.", exception);
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
                    // In a gap, the first missing record is the first broken one.
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
            // SQLite cannot create its shared memory in a folder that is not writable. No other process writes there either.
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
