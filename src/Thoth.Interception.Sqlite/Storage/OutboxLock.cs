namespace Thoth.Interception.Sqlite.Storage;

/// <summary>
/// Reserves a file for one outbox, with a lock of the operating system on a file beside it. The lock ends with the process. The
/// lock file is not deleted: otherwise two outboxes could lock two files of the same name.
/// </summary>
internal static class OutboxLock
{
    // EWOULDBLOCK on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static readonly int[] s_taken = [11, 35, unchecked((int)0x80070020)];

    public static FileStream Take(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OutboxFile.OwnerOnly;
        }

        try
        {
            return new FileStream(path + ".lock", options);
        }
        catch (IOException exception) when (s_taken.Contains(exception.HResult))
        {
            throw new OutboxException(
                OutboxFailure.InUse,
                $"The outbox '{path}' is in use by another process or service provider. Give each its own file.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutboxFile.NotWritable(path, exception);
        }
    }
}
