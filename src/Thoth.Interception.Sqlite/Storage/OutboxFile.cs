using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Thoth.Interception.Sqlite.Storage;

/// <summary>Represents the file of an outbox: opened with owner-only permissions, created if missing, set aside if damaged.</summary>
internal sealed class OutboxFile(string path, OutboxSync sync, TimeProvider time, ILogger logger)
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int NoRoom = 13;

    // SQLITE_CORRUPT and SQLITE_NOTADB.
    private static readonly int[] s_damaged = [11, 26];

    private static readonly string[] s_parts = ["", "-wal", "-shm"];

    public string Path { get; } = path;

    /// <summary>Opens the file, and creates it if it is missing.</summary>
    /// <param name="check">Whether to check for damage first, which takes as long as reading the whole file.</param>
    /// <exception cref="SqliteException">The file is damaged, see <see cref="IsDamage"/>, or cannot be opened now.</exception>
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

    /// <summary>Renames the damaged file, so that a new one can be created.</summary>
    public void SetAside(Exception cause)
    {
        var aside = $"{Path}.corrupt-{time.GetUtcNow():yyyyMMdd'T'HHmmss'.'fffffff'Z'}";
        try
        {
            // The write-ahead log is moved too: the damaged file may be readable only with it.
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
        $"The outbox '{path}' cannot be written. Check that its folder exists and that this process may write there.", cause);

    /// <summary>Converts a failure to the exception for callers.</summary>
    public OutboxException Explain(Exception exception) => exception switch
    {
        OutboxException known => known,
        SqliteException { SqliteErrorCode: NoRoom } => new OutboxException(
            OutboxFailure.NoRoom, $"The outbox '{Path}' cannot be written: the disk is full. Free space on it.", exception),
        _ => NotWritable(Path, exception),
    };

    /// <summary>Creates the file with its permissions. SQLite gives the write-ahead log the same ones.</summary>
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
