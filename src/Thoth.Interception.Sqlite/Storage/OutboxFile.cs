using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>The file of an outbox: opened with owner-only permissions, made where it is missing, set aside where it is damaged.</summary>
internal sealed class OutboxFile(string path, OutboxSync sync, TimeProvider time, ILogger logger)
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int NoRoom = 13;

    // SQLITE_CORRUPT and SQLITE_NOTADB.
    private static readonly int[] s_damaged = [11, 26];

    private static readonly string[] s_parts = ["", "-wal", "-shm"];

    public string Path { get; } = path;

    /// <summary>Opens the file, a fresh one where it is missing.</summary>
    /// <param name="check">Look for damage first, which takes as long as reading all of it.</param>
    /// <exception cref="SqliteException">It is damaged, see <see cref="IsDamage"/>, or cannot be opened now.</exception>
    public SqliteConnection Open(bool check)
    {
        Prepare();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        }.ConnectionString);
        try
        {
            connection.Open();
            OutboxSchema.Ensure(connection, Path, sync, check);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Moves the file out of the way of a fresh one.</summary>
    public void SetAside(Exception cause)
    {
        var aside = $"{Path}.corrupt-{time.GetUtcNow():yyyyMMdd'T'HHmmss'.'fffffff'Z'}";
        try
        {
            // The log goes with its file: together they may still tell something.
            foreach (var part in s_parts.Where(part => File.Exists(Path + part)))
            {
                File.Move(Path + part, aside + part);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Path, exception);
        }

        OutboxLog.SetAside(logger, Path, aside);
        OutboxLog.FailureDetail(logger, cause);
    }

    public static bool IsDamage(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: var code } && s_damaged.Contains(code);

    public static OutboxException NotWritable(string path, Exception cause) => new(
        OutboxFailure.NotWritable,
        $"The outbox '{path}' cannot be written; check that its folder exists and that this process may write there.", cause);

    /// <summary>What a failure means to a caller.</summary>
    public OutboxException Explain(Exception exception) => exception switch
    {
        OutboxException known => known,
        SqliteException { SqliteErrorCode: NoRoom } => new OutboxException(
            OutboxFailure.NoRoom, $"The outbox '{Path}' cannot be written: the disk is full; make room on it.", exception),
        _ => NotWritable(Path, exception),
    };

    /// <summary>SQLite gives its log the permissions of the database, so these are all that must be right.</summary>
    private void Prepare()
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using var file = new FileStream(Path, options);
            if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(file.SafeFileHandle) != OwnerOnly)
            {
                File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Path, exception);
        }
    }
}
