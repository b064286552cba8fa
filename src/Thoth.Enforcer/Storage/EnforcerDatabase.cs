using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Thoth.Enforcer.Configuration;
using Thoth.Enforcer.Diagnostics;
using static SQLitePCL.raw;

namespace Thoth.Enforcer.Storage;

/// <summary>
/// One SQLite file. All changes go through one writer, which commits the queued changes together. Each change is atomic, changes
/// run one after another, and a caller continues when its change is committed.
/// </summary>
internal sealed class EnforcerDatabase : IAsyncDisposable
{
    private const int MaxCommitSize = 256;
    private const int MaxQueuedChanges = 10_000;
    private static readonly TimeSpan s_trialInterval = TimeSpan.FromSeconds(10);

    private readonly Channel<PendingChange> _changes =
        Channel.CreateBounded<PendingChange>(new BoundedChannelOptions(MaxQueuedChanges) { SingleReader = true });

    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Task _writing;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile SqliteException? _writeFailure;
    private long _lastWrite;

    /// <exception cref="UsageException">The file cannot be opened.</exception>
    public EnforcerDatabase(string path, TimeProvider time, ILogger<EnforcerDatabase> logger)
    {
        Path = path;
        _time = time;
        _logger = logger;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10 }.ToString();
        try
        {
            OwnerOnlyFile.EnsureExists(path);
            _writer = Open();

            // WAL: readers do not wait for the writer. NORMAL: a crash of the process loses nothing; a power cut can lose the last commits.
            _writer.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
            Schema.Ensure(_writer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            _writer?.Dispose();
            throw new UsageException($"The database '{path}' cannot be opened. Name another with --database, or give the process access to it: {e.Message}", e);
        }

        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The failure of the last write, if it lies with the disk or the file; <see langword="null"/> once a write succeeds.</summary>
    public SqliteException? WriteFailure => _writeFailure;

    /// <summary>Runs a change; the task completes when it is committed.</summary>
    /// <exception cref="SqliteException">The change failed and was rolled back.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> change)
    {
        var pending = new PendingChange<T>(change);
        await _changes.Writer.WriteAsync(pending);
        return await pending.Done;
    }

    /// <summary>
    /// Writes as much as a held call needs and removes it, unless a change was written lately. The outcome is in
    /// <see cref="WriteFailure"/>.
    /// </summary>
    public async Task TryWriteTrialAsync()
    {
        if (_writeFailure is null && _time.GetElapsedTime(Interlocked.Read(ref _lastWrite)) < s_trialInterval)
        {
            return;
        }

        try
        {
            // Two commits: SQLite does not write pages that one commit fills and frees.
            await WriteAsync(static connection => connection.Execute("INSERT INTO write_trials (filler) VALUES (zeroblob(65536))"));
            await WriteAsync(static connection => connection.Execute("DELETE FROM write_trials"));
        }
        catch (SqliteException)
        {
            // WriteFailure says it.
        }
    }

    /// <summary>Reads on a separate connection, concurrently with the writer.</summary>
    public T Read<T>(Func<SqliteConnection, T> query)
    {
        using var connection = Open();
        return query(connection);
    }

    public async ValueTask DisposeAsync()
    {
        _changes.Writer.TryComplete();
        await _writing;
        await _writer.DisposeAsync();
        using var pooled = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(pooled);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            connection.Execute("PRAGMA busy_timeout = 10000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<PendingChange>(MaxCommitSize);
        while (await _changes.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxCommitSize && _changes.Reader.TryRead(out var change))
            {
                batch.Add(change);
            }

            Commit(batch);
        }
    }

    private void Commit(List<PendingChange> batch)
    {
        Exception? failure = null;
        try
        {
            using var transaction = _writer.BeginTransaction();
            foreach (var change in batch)
            {
                transaction.Save("one");
                if (!change.TryRun(_writer))
                {
                    failure = IsOfStorage(change.Failure) ? change.Failure : failure;
                    transaction.Rollback("one");
                }

                transaction.Release("one");
            }

            transaction.Commit();
            NoteOutcome(failure);
            batch.ForEach(static change => change.Committed());
        }
        catch (Exception e)
        {
            // The callers get the exception; the writer continues.
            // A full disk ends the transaction, so that its rollback fails as well.
            NoteOutcome(failure ?? e);
            batch.ForEach(change => change.Failed(e));
        }
    }

    private void NoteOutcome(Exception? failure)
    {
        if (IsOfStorage(failure))
        {
            if (_writeFailure is null)
            {
                EnforcerLog.StorageFailed(_logger, failure!);
            }

            _writeFailure = (SqliteException)failure!;
        }

        if (failure is not null)
        {
            return;
        }

        Interlocked.Exchange(ref _lastWrite, _time.GetTimestamp());
        if (_writeFailure is not null)
        {
            _writeFailure = null;
            EnforcerLog.StorageWorks(_logger);
        }
    }

    /// <summary>Whether a failure lies with the disk or the file, and not with the change.</summary>
    private static bool IsOfStorage(Exception? exception) => exception is SqliteException
    {
        SqliteErrorCode: not (SQLITE_ERROR or SQLITE_CONSTRAINT or SQLITE_TOOBIG or SQLITE_MISMATCH or SQLITE_RANGE),
    };
}
